import { Monitor, Smartphone, Terminal } from 'lucide-react'
import { useState } from 'react'
import type { Session } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx'
import { agoText } from '../forms/ago.ts'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import { Tag } from '../forms/Tag.tsx'
import { useAnswer } from '../forms/useAnswer.ts'
import { Button } from '../parts/Button.tsx'
import { fullTime, longDate } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import { agentOf } from './agent.ts'
import { Section } from './PagePane.tsx'
import '../forms/Rows.css'

/** The browsers one is signed in with, this one first; each of the others can be signed out from here. */
export function Sessions() {
  const client = useClient()
  const { answer, again } = useAnswer('sessions.list', {})
  const [ending, setEnding] = useState<Session | null>(null)
  return (
    <Section title={m.account_sessions()} says={m.account_sessions_says()}>
      {answer === null && <RowSkeletons rows={2} />}
      {answer && !('ok' in answer) && <LoadFailed answer={answer} again={again} />}
      {answer && 'ok' in answer && (
        <ul className="rows">
          {newestFirst(answer.ok.sessions).map(session => (
            <SessionRow key={session.id} session={session} onEnd={() => setEnding(session)} />
          ))}
        </ul>
      )}
      {ending && (
        <ConfirmDialog
          title={m.account_session_end_title({ agent: agentText(ending) })}
          confirm={m.account_session_end()}
          act={() => client.call('sessions.remove', { id: ending.id })}
          onDone={() => {
            setEnding(null)
            again()
          }}
          onClose={() => setEnding(null)}
        >
          <p>{m.account_session_end_says()}</p>
        </ConfirmDialog>
      )}
    </Section>
  )
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const [now] = useState(() => Date.now())
  const locale = formatLocale()
  const { system } = agentOf(session.agent)
  const Icon =
    system === null ? Terminal : ['iPhone', 'iPad', 'Android'].includes(system) ? Smartphone : Monitor
  return (
    <li>
      <Icon aria-hidden="true" />
      <div className="row-words">
        <span>
          {agentText(session)}
          {session.current && <Tag look="good">{m.account_session_current()}</Tag>}
        </span>
        <span>
          {session.current ? (
            m.account_session_now()
          ) : (
            <time dateTime={new Date(session.seenAt).toISOString()} title={fullTime(session.seenAt, locale)}>
              {m.account_session_seen({ when: agoText(session.seenAt, now, locale) })}
            </time>
          )}
          {' · '}
          {session.address}
          {' · '}
          {m.account_session_since({ date: longDate(session.createdAt, locale) })}
        </span>
      </div>
      {!session.current && (
        <Button
          size="small"
          aria-label={m.account_session_end_of({ agent: agentText(session) })}
          onClick={onEnd}
        >
          {m.account_session_end()}
        </Button>
      )}
    </li>
  )
}

const newestFirst = (sessions: readonly Session[]) =>
  sessions.toSorted((a, b) => Number(b.current) - Number(a.current) || b.seenAt - a.seenAt)

function agentText(session: Session): string {
  const { browser, system } = agentOf(session.agent)
  if (browser !== null && system !== null) return m.account_agent_on({ browser, system })
  return browser ?? system ?? m.account_agent_unknown()
}
