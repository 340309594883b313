import { useSyncExternalStore } from 'react'
import type { OpenRoom, RoomDraft } from '../../sync/model.ts'

/** What is being written in a room. It is heard in the same turn, since a text box that lags behind its letters loses its caret. */
export const useDraft = (open: OpenRoom): RoomDraft => useSyncExternalStore(open.onDraft, open.draft)
