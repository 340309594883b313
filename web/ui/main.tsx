import './oldest.ts'
import './language.ts'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/inter/wght-italic.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import './styles/forced-colors.css'
import { createRoot } from 'react-dom/client'
import { getLocale } from '../paraglide/runtime.js'
import { enter } from '../sync/start.ts'
import { Root } from './Root.tsx'
import { loadTexts } from './texts.ts'
import { followTheme } from './theme.ts'

followTheme()
document.documentElement.lang = getLocale()
const root = document.getElementById('root')
if (root) void loadTexts(getLocale()).then(() => createRoot(root).render(<Root enter={() => enter()} />))
