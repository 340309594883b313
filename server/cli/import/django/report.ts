import type { ImportCounts } from './means.ts'
import type { Plan, Rows } from './plan.ts'
import { quoted } from './texts.ts'

/** What the report is about, beside the plan. */
interface ImportRun {
  readonly rows: Rows
  readonly written: ImportCounts
  readonly dryRun: boolean
  /** Whether a media folder was given. */
  readonly media: boolean
  readonly setUpPending: boolean
}

/** The report: what comes, what is changed on the way, what does not come, and what to do next. */
export function reportLines(plan: Plan, run: ImportRun): string[] {
  const { dryRun, rows } = run
  const head = dryRun
    ? `This would come from ${quoted(rows.source)}. Nothing was written.`
    : `This came from ${quoted(rows.source)}.`
  return [head, '', ...counted(plan, run), ...plan.notices.lines(), '', ...next(plan, run)]
}

const number = (count: number): string => count.toLocaleString('en')

function counted(plan: Plan, { rows, written, media }: ImportRun): string[] {
  const { list } = plan.people
  const coming = list.filter(comer => !comer.here).map(({ user }) => user)
  const own = coming.filter(user => user.state !== 'placeholder')
  const lines: [string, number, string][] = [
    ['users', written.users, usersIn(own)],
    ['placeholders', written.placeholders, ''],
    ['pictures', written.pictures, media ? '' : 'none, because --media names no folder'],
    ['rooms', written.rooms, ''],
    ['messages', written.messages, written.messages > 0 ? span(plan) : ''],
  ]
  const before = list.filter(comer => comer.here).length
  const here = written.messagesHere + written.messagesGone
  const width = Math.max(...lines.map(([, count]) => number(count).length))
  const told = lines.map(
    ([what, count, more]) => `  ${what.padEnd(13)}${number(count).padStart(width)}${more && `  (${more})`}`,
  )
  if (before + here > 0)
    told.push(
      '',
      `Here from an earlier run, and left as they are: ${number(before)} people, ${number(plan.rooms.list.filter(room => room.here).length)} rooms, ${number(written.messagesHere)} messages.`,
    )
  if (written.messagesGone > 0)
    told.push(
      `Left out, because their rooms came with an earlier run and were deleted since: ${number(written.messagesGone)} messages.`,
    )
  if (rows.messages.ids.length === 0) told.push('', 'The ChatApp holds no messages.')
  return told
}

function usersIn(users: readonly { role: string; state: string }[]): string {
  const administrators = users.filter(user => user.role === 'administrator').length
  const deactivated = users.filter(user => user.state === 'deactivated').length
  const word = administrators === 1 ? 'administrator' : 'administrators'
  return users.length === 0 ? '' : `${number(administrators)} ${word}, ${number(deactivated)} deactivated`
}

/** The days of the first and the last message. */
function span(plan: Plan): string {
  let [first, last] = [Number.POSITIVE_INFINITY, 0]
  for (const position of plan.timeline.order) {
    first = Math.min(first, plan.timeline.at(position))
    last = Math.max(last, plan.timeline.at(position))
  }
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  return `from ${day(first)} to ${day(last)}`
}

function next(plan: Plan, { dryRun, setUpPending }: ImportRun): string[] {
  if (dryRun) return ['Run the same command without --dry-run to bring it.']
  const everybody = whoSignsIn(plan)
  if (!setUpPending) return [everybody]
  const administrators = plan.people.list.filter(
    ({ user, hash }) => user.role === 'administrator' && user.state === 'active' && hash !== null,
  )
  const named = administrators.filter(comer => !comer.here).map(({ user }) => user.username)
  const whose = named.length > 0 ? ` (${named.slice(0, 5).join(', ')})` : ''
  const owner =
    administrators.length > 0
      ? `Become the owner there with the username and password of an administrator${whose}, or with a new account.`
      : 'Become the owner there with a new account.'
  return [`Start Confab with \`npm start\`, and open the address that it prints. ${owner}`, everybody]
}

function whoSignsIn(plan: Plan): string {
  const without = plan.notices.count('password')
  if (without === 0) return 'Everybody signs in with the username and password that they had.'
  const [who, them] = without === 1 ? ['the one', 'them'] : [`the ${number(without)}`, 'each of them']
  return `Everybody but ${who} named above signs in with the username and password that they had. An administrator gives ${them} a password, under Administration, People.`
}
