import type { RoomId } from '../../../contract/ids.ts'
import type { ReadingPosition } from '../model.ts'
import type { DeviceStorage } from '../storage/device.ts'

/** Of so many rooms it is remembered, those that were left last. */
const most = 100

/** Where one was in the rooms that one has left, remembered by the tab, so that it outlives a reload. A room that was left at its end is not in it. */
export class Positions {
  readonly #storage: DeviceStorage
  readonly #key: string
  readonly #of: Map<RoomId, ReadingPosition>

  constructor(storage: DeviceStorage, key: string) {
    this.#storage = storage
    this.#key = key
    this.#of = new Map(entriesIn(storage.get(key)))
  }

  get(room: RoomId): ReadingPosition | null {
    return this.#of.get(room) ?? null
  }

  set(room: RoomId, position: ReadingPosition | null): void {
    this.#of.delete(room)
    if (position) this.#of.set(room, position)
  }

  save(): void {
    const last = [...this.#of].slice(-most)
    if (last.length > 0) this.#storage.set(this.#key, JSON.stringify(last))
    else this.#storage.remove(this.#key)
  }

  forget(): void {
    this.#of.clear()
    this.save()
  }
}

/** What another version of the page has written, or anybody, is no reason not to start. */
function entriesIn(text: string | null): [RoomId, ReadingPosition][] {
  try {
    const entries: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(entries) ? entries.filter(isEntry) : []
  } catch {
    return []
  }
}

const isEntry = (entry: unknown): entry is [RoomId, ReadingPosition] =>
  Array.isArray(entry) &&
  typeof entry[0] === 'string' &&
  Number.isFinite(entry[1]?.seq) &&
  Number.isFinite(entry[1]?.offset)
