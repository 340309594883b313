import { LogOut, Monitor, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { useSignOut } from '../dialogs/useSignOut.tsx'
import { Choice } from '../forms/Choice.tsx'
import { Button } from '../parts/Button.tsx'
import { nameOf } from '../people/names.ts'
import type { EnterDoes } from '../room/enter.ts'
import { chooseEnter, chosenEnter } from '../room/enter.ts'
import { keysText } from '../shell/keys.ts'
import type { Theme } from '../theme.ts'
import { chooseTheme, chosenTheme } from '../theme.ts'
import { AccountTabs } from './AccountTabs.tsx'
import { LanguageSelect } from './LanguageSelect.tsx'
import { PagePane, Section } from './PagePane.tsx'
import '../forms/FormFoot.css'

/** `/preferences`: how this browser shows Confab, and leaving it. */
export function Preferences() {
  const me = useSelect(snapshot => snapshot.me)
  const { ask, asking, dialog } = useSignOut()
  return (
    <PagePane title={m.account_title()} tabs={<AccountTabs />}>
      <ThemeSection />
      <EnterSection />
      <Section title={m.account_language()} says={m.account_language_says()}>
        <div className="narrow">
          <LanguageSelect bare />
        </div>
      </Section>
      <Section title={m.account_sign_out()}>
        <div className="form-foot form-foot-apart">
          <p className="field-hint">{m.account_sign_out_says({ name: nameOf(me) })}</p>
          <Button icon={<LogOut />} busy={asking} onClick={ask}>
            {m.account_sign_out()}
          </Button>
        </div>
        {dialog}
      </Section>
    </PagePane>
  )
}

function ThemeSection() {
  const [theme, setTheme] = useState<Theme>(chosenTheme)
  return (
    <Section title={m.account_theme()} says={m.account_theme_says()}>
      <Choice
        label={m.account_theme()}
        name="theme"
        value={theme}
        row
        bare
        onChoose={chosen => {
          setTheme(chosen)
          chooseTheme(chosen)
        }}
        choices={[
          { value: 'system', label: m.account_theme_system(), icon: <Monitor /> },
          { value: 'light', label: m.account_theme_light(), icon: <Sun /> },
          { value: 'dark', label: m.account_theme_dark(), icon: <Moon /> },
        ]}
      />
    </Section>
  )
}

function EnterSection() {
  const [does, setDoes] = useState<EnterDoes>(chosenEnter)
  return (
    <Section title={m.account_enter()}>
      <Choice
        label={m.account_enter()}
        name="enter"
        value={does}
        bare
        onChoose={chosen => {
          setDoes(chosen)
          chooseEnter(chosen)
        }}
        choices={[
          { value: 'auto', label: m.account_enter_auto(), says: m.account_enter_auto_says() },
          { value: 'send', label: m.account_enter_send() },
          { value: 'break', label: m.account_enter_break({ keys: keysText('mod+Enter') }) },
        ]}
      />
    </Section>
  )
}
