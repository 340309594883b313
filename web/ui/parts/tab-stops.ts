import { createContext, use } from 'react'

const TabStopsContext = createContext(true)

/** Whether the controls within are tab stops. Those of a row of a list are while the focus is in their row: the list as a whole is one stop. */
export const TabStops = TabStopsContext

/** The `tabIndex` of a control: none of its own where it is a tab stop as ever. */
export const useTabStop = (): { tabIndex?: -1 } => (use(TabStopsContext) ? {} : { tabIndex: -1 })
