import { CircleAlert } from 'lucide-react'
import type { MouseEvent } from 'react'
import type { Message } from '../../../contract/entities.ts'
import type { OperationName } from '../../../contract/operations.ts'
import { m } from '../../paraglide/messages.js'
import type { ListRow } from '../../sync/model.ts'
import { Button } from '../parts/Button.tsx'
import { ErrorText } from '../parts/ErrorText.tsx'
import { Quoted } from './Quoted.tsx'
import type { RowAct } from './row-acts.tsx'
import { isQuoteGone } from './row-acts.tsx'

/** What was refused, why, and what can be done about it. */
export function NotDone({
  operation,
  error,
  confirmed,
  acts,
}: Pick<Extract<ListRow, { is: 'failed' }>, 'operation' | 'error'> & {
  confirmed?: Message
  acts: readonly RowAct[]
}) {
  const isOvertaken = error.code === 'changed' && confirmed
  const isGone = operation === 'messages.edit' && error.code === 'not_found'
  return (
    <div className="message-failed" role="alert">
      <CircleAlert />
      <span>
        {notDone(operation)}{' '}
        {isOvertaken ? (
          m.chat_edit_overtaken()
        ) : isGone ? (
          m.chat_edit_deleted()
        ) : isQuoteGone(error) ? (
          m.chat_failed_quote()
        ) : (
          <ErrorText error={error} />
        )}
      </span>
      {isOvertaken && <Quoted message={confirmed} />}
      <div>
        {acts
          .filter(({ often }) => often)
          .map(({ label, act }) => (
            <Button key={label} size="small" look="quiet" onClick={event => actFrom(event, act)}>
              {label}
            </Button>
          ))}
      </div>
    </div>
  )
}

/** The button may be gone with what it is for: the focus stays on its row, unless the act puts it elsewhere. */
function actFrom({ currentTarget }: MouseEvent<HTMLElement>, act: () => void): void {
  currentTarget.closest('article')?.focus()
  act()
}

function notDone(operation: OperationName): string {
  if (operation === 'messages.edit') return m.chat_not_saved()
  return operation === 'messages.remove' ? m.chat_not_deleted() : m.chat_not_sent()
}
