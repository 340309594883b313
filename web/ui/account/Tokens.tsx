import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import type { Token } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx'
import { agoText } from '../forms/ago.ts'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import { Tag } from '../forms/Tag.tsx'
import { useAnswer } from '../forms/useAnswer.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { longDate } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import { CreateTokenDialog } from './CreateToken.tsx'
import { Section } from './PagePane.tsx'
import '../forms/Rows.css'

/** One's tokens, to be made and revoked. */
export function Tokens() {
  const client = useClient()
  const { answer, again } = useAnswer('tokens.list', {})
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<Token | null>(null)
  const create = (
    <Button size="small" icon={<Plus />} onClick={() => setCreating(true)}>
      {m.account_token_create()}
    </Button>
  )
  return (
    <Section title={m.account_tokens()} says={m.account_tokens_says()} action={create}>
      {answer === null && <RowSkeletons rows={1} />}
      {answer && !('ok' in answer) && <LoadFailed answer={answer} again={again} />}
      {answer && 'ok' in answer && <TokenRows tokens={answer.ok.tokens} onRevoke={setRevoking} />}
      {creating && (
        <CreateTokenDialog
          onClose={() => {
            setCreating(false)
            again()
          }}
        />
      )}
      {revoking && (
        <ConfirmDialog
          title={m.account_token_revoke_title({ name: revoking.name })}
          confirm={m.account_token_revoke()}
          act={() => client.call('tokens.remove', { id: revoking.id })}
          onDone={() => {
            setRevoking(null)
            again()
          }}
          onClose={() => setRevoking(null)}
        >
          <p>{m.account_token_revoke_says()}</p>
        </ConfirmDialog>
      )}
    </Section>
  )
}

function TokenRows({ tokens, onRevoke }: { tokens: readonly Token[]; onRevoke: (token: Token) => void }) {
  const [now] = useState(() => Date.now())
  if (tokens.length === 0) {
    return (
      <EmptyState icon={<KeyRound />} title={m.account_tokens_none()}>
        {m.account_tokens_none_says()}
      </EmptyState>
    )
  }
  return (
    <ul className="rows">
      {tokens.map(token => (
        <li key={token.id}>
          <KeyRound aria-hidden="true" />
          <div className="row-words">
            <span>
              <bdi>{token.name}</bdi>
              {token.expires !== null && token.expires <= now && (
                <Tag look="warning">{m.account_token_expired()}</Tag>
              )}
            </span>
            <span>{factsOf(token, now, formatLocale())}</span>
          </div>
          <Button
            size="small"
            aria-label={m.account_token_revoke_of({ name: token.name })}
            onClick={() => onRevoke(token)}
          >
            {m.account_token_revoke()}
          </Button>
        </li>
      ))}
    </ul>
  )
}

const factsOf = (token: Token, now: number, locale: string): string =>
  [
    token.usedAt === null
      ? m.account_token_unused()
      : m.account_token_used({ when: agoText(token.usedAt, now, locale) }),
    m.account_token_made({ date: longDate(token.createdAt, locale) }),
    ...(token.expires === null ? [] : [m.account_token_expires({ date: longDate(token.expires, locale) })]),
  ].join(' · ')
