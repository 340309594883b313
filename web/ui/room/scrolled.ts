import type { RefObject } from 'react'
import type { MessageId } from '../../../contract/ids.ts'
import type { ConversationSnapshot, OpenRoom } from '../../sync/model.ts'
import type { Item } from './items.ts'
import type { List } from './useMessageVirtualizer.ts'

/** The list of messages of an open room, and what stands in it. `at`: the message that the address names. */
export interface Scrolled {
  virtualizer: List
  box: RefObject<HTMLDivElement | null>
  items: readonly Item[]
  conversation: ConversationSnapshot
  open: OpenRoom
  at: MessageId | undefined
}
