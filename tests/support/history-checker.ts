/**
 * The history checker: from what every client did and saw, and what everybody reads at the end, it names each promise that was broken.
 * It knows nothing of Confab's code. A send whose outcome is unknown (a time-out, a cut line, a killed server) may have happened once
 * or not at all.
 */
export interface History {
  readonly sends: readonly Send[]
  readonly views: readonly View[]
  readonly reads: readonly Read[]
}

/** One attempt to say something, maybe repeated under the same id. Times are of one clock, in any unit. */
export interface Send {
  readonly client: string
  readonly room: string
  readonly id: string
  readonly text: string
  readonly invokedAt: number
  readonly outcome: { is: 'acknowledged'; seq: number; at: number } | { is: 'refused' } | { is: 'unknown' }
}

/**
 * What one client received live of one room's log, in the order in which it came. `reset` begins anew after its head; `removed` is the
 * end of the client's membership, after which nothing may come until it is `added`.
 */
export interface View {
  readonly client: string
  readonly room: string
  readonly steps: readonly Step[]
}

export type Step =
  | { is: 'begin'; after: number }
  | { is: 'event'; seq: number; id: string | null; text?: string }
  | { is: 'reset'; head: number }
  | { is: 'removed' }
  | { is: 'added'; head: number }

/** A room's messages as one reader found them at the end, oldest first. */
export interface Read {
  readonly reader: string
  readonly room: string
  readonly messages: readonly { seq: number; id: string; text: string }[]
}

export type Fault = 'lost' | 'duplicated' | 'reordered' | 'phantom' | 'stale' | 'unauthorised'

export interface Finding {
  readonly fault: Fault
  readonly what: string
}

/** Everything that is wrong with a history; empty where every promise was kept. */
export function check(history: History): Finding[] {
  return [
    ...history.reads.flatMap(read => checkRead(read, history.sends)),
    ...agreement(history.reads),
    ...history.views.flatMap(view => checkView(view, history)),
    ...sendersOrder(history.sends),
  ]
}

function checkRead(read: Read, sends: readonly Send[]): Finding[] {
  const found: Finding[] = []
  const say = (fault: Fault, what: string) =>
    found.push({ fault, what: `${read.reader} in ${read.room}: ${what}` })
  const here = sends.filter(send => send.room === read.room)
  const sentAs = Map.groupBy(here, send => send.id)
  const seqOf = new Map<string, number>()
  let last = 0
  for (const { seq, id, text } of read.messages) {
    if (seqOf.has(id)) say('duplicated', `${id} stands at ${seqOf.get(id)} and at ${seq}`)
    if (seq <= last) say('reordered', `${seq} stands after ${last}`)
    seqOf.set(id, seq)
    last = Math.max(last, seq)
    const sent = sentAs.get(id) ?? []
    if (!sent.some(send => send.text === text)) say('phantom', `${id} was never sent with that text`)
    else if (sent.every(send => send.outcome.is === 'refused'))
      say('phantom', `${id} was refused and is there`)
  }
  for (const { id, outcome } of here) {
    if (outcome.is !== 'acknowledged') continue
    if (!seqOf.has(id)) say('lost', `${id} was acknowledged at ${outcome.seq}`)
    else if (seqOf.get(id) !== outcome.seq)
      say('reordered', `${id} was acknowledged at ${outcome.seq} and stands at ${seqOf.get(id)}`)
  }
  return found
}

/** All readers of a room read the same. */
function agreement(reads: readonly Read[]): Finding[] {
  const found: Finding[] = []
  const first = new Map<string, Read>()
  for (const read of reads) {
    const other = first.get(read.room)
    if (!other) first.set(read.room, read)
    else if (lines(other) !== lines(read))
      found.push({ fault: 'stale', what: `${other.reader} and ${read.reader} read ${read.room} differently` })
  }
  return found
}

const lines = (read: Read): string =>
  read.messages.map(({ seq, id, text }) => `${seq} ${id} ${text}`).join('\n')

function checkView(view: View, history: History): Finding[] {
  const found: Finding[] = []
  const say = (fault: Fault, what: string) =>
    found.push({ fault, what: `${view.client} hears ${view.room}: ${what}` })
  const read = history.reads.find(other => other.room === view.room)
  const idAt = new Map(read?.messages.map(({ seq, id }) => [seq, id]))
  const textOf = new Map(history.sends.map(send => [send.id, send.text]))
  let cursor = 0
  let member = true
  for (const step of view.steps) {
    if (step.is === 'begin') cursor = step.after
    else if (step.is === 'reset') cursor = step.head
    else if (step.is === 'removed') member = false
    else if (step.is === 'added') {
      member = true
      cursor = step.head
    } else {
      if (!member) say('unauthorised', `${step.seq} came after the removal`)
      if (step.seq <= cursor) say('duplicated', `${step.seq} came after ${cursor}`)
      else if (step.seq > cursor + 1) say('lost', `${cursor + 1} to ${step.seq - 1} did not come`)
      cursor = Math.max(cursor, step.seq)
      if (step.id === null) continue
      if (!textOf.has(step.id)) say('phantom', `${step.id} was never sent`)
      else if (step.text !== undefined && step.text !== textOf.get(step.id))
        say('phantom', `${step.id} came with another text`)
      if (idAt.get(step.seq) !== step.id)
        say('stale', `${step.id} came as ${step.seq}, where the history has ${idAt.get(step.seq)}`)
    }
  }
  return found
}

/** What one client said after it knew an earlier message to be there stands after that message. */
function sendersOrder(sends: readonly Send[]): Finding[] {
  const found: Finding[] = []
  const known = new Map<string, { id: string; seq: number; at: number }[]>()
  for (const send of [...sends].sort((a, b) => a.invokedAt - b.invokedAt)) {
    if (send.outcome.is !== 'acknowledged') continue
    const of = `${send.client} ${send.room}`
    const { seq, at } = send.outcome
    const before = known.get(of) ?? []
    for (const earlier of before)
      if (earlier.at < send.invokedAt && earlier.seq >= seq && earlier.id !== send.id)
        found.push({
          fault: 'reordered',
          what: `${send.client} said ${send.id} after ${earlier.id}, which stands later`,
        })
    known.set(of, [...before.slice(-20), { id: send.id, seq, at }])
  }
  return found
}
