import { stdin, stdout } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import type { User } from '../../contract/entities.ts'
import type { SessionId, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import { foldName } from '../../contract/names.ts'
import type { Input, OperationName, Output } from '../../contract/operations.ts'
import { password as passwordForm } from '../../contract/text.ts'
import type { Inside } from '../app.ts'
import { buildInside } from '../app.ts'
import { readConfig } from '../config.ts'
import { createPasswords, refuseWeak } from '../core/authentication/passwords.ts'
import { hashSecret, newSessionSecret, systemRandom } from '../core/authentication/secrets.ts'
import { Admission } from '../core/call.ts'
import type { NewSession, RowWrite } from '../core/log/change.ts'
import { CannotOpen } from '../core/ports/failures.ts'

const usage = `Usage, while the server is stopped:
  user list
  user password <username>            asks for the new password, or reads it from standard input
  user role <username> <role>         owner, administrator or member
  user create <username> [--role <role>]
Each takes --data <directory>.`

/** A sentence for whoever called the command: what they asked for was not done. */
class NotDone extends Error {}

/**
 * Help for whoever has the machine, when nobody can sign in: it acts as the first owner, and is bound by what an owner may do. It holds
 * the data directory while it runs, as a server would.
 */
export async function userCommand(args: readonly string[]): Promise<number> {
  const asked = readUser(args)
  if (!asked) {
    console.error(usage)
    return 2
  }
  const read = readConfig(asked.data === undefined ? {} : { data: asked.data })
  if ('wrong' in read) {
    for (const sentence of read.wrong) console.error(sentence)
    return 2
  }
  try {
    await using inside = await buildInside({ ...read.config, log: 'error' })
    await act(inside, asked)
    return 0
  } catch (error) {
    if (!(error instanceof CannotOpen || error instanceof NotDone)) throw error
    console.error(error.message)
    return 1
  }
}

interface Asked {
  readonly act: 'list' | 'password' | 'role' | 'create'
  readonly username: string
  readonly role: string
  readonly data: string | undefined
}

function readUser(args: readonly string[]): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { data: { type: 'string' }, role: { type: 'string' } },
    })
    const [act, username = '', role = values.role ?? '', ...more] = positionals
    const wanted = { list: 0, password: 1, role: 2, create: 1 }
    if (!isAct(act) || positionals.length !== 1 + wanted[act] || more.length > 0) return null
    return { act, username, role, data: values.data }
  } catch {
    return null
  }
}

const isAct = (word: string | undefined): word is Asked['act'] =>
  word === 'list' || word === 'password' || word === 'role' || word === 'create'

async function act(inside: Inside, { act, username, role }: Asked): Promise<void> {
  const people = await everybody(inside)
  const owner = people.find(one => one.role === 'owner' && one.state === 'active')
  if (act === 'list') return list(people)
  if (!owner)
    throw new NotDone('There is no owner yet. Start the server, and open the address that it prints.')
  const call = callAs(inside, owner.id)
  if (act === 'create') {
    const password = await newPassword()
    await call('users.create', {
      id: newId<UserId>(),
      username,
      password,
      ...(role && { role: role as User['role'] }),
    })
    return console.log(`${username} can sign in.`)
  }
  const whom = people.find(one => foldName(one.username) === foldName(username) && signsIn(one))
  if (!whom) throw new NotDone(`There is nobody with the username ${JSON.stringify(username)}.`)
  if (act === 'role') {
    await call('users.change', { id: whom.id, role: role as User['role'] })
    return console.log(`${whom.username} is ${role} now.`)
  }
  await setPassword(inside, whom, await newPassword())
  console.log(`${whom.username} has the new password, and is signed out everywhere.`)
}

/**
 * Not by `users.change`: nobody changes their own password by it, and the owner who forgot theirs is whom this is for. Whoever has the
 * data directory may do anything with it.
 */
async function setPassword({ store, feed }: Inside, whom: User, password: string): Promise<void> {
  const form = passwordForm.safeParse(password)
  if (!form.success) throw new NotDone(`The password ${form.error.issues[0]?.message}.`)
  const { name } = await store.workspace()
  const weak = refuseWeak(password, [whom.username, whom.displayName, name])
  if (weak) throw new NotDone(weak.error.message)
  const outcome = await feed.commit({
    guards: [{ if: 'user', user: whom.id, refuse: 'not_found' }],
    appends: [],
    rows: [
      { row: 'credential', user: whom.id, hash: await createPasswords().hash(password) },
      { row: 'sessions ended', user: whom.id },
      { row: 'tokens ended', user: whom.id },
    ],
  })
  if (outcome.is === 'refused') throw new NotDone('It was not done: try again.')
}

/** Whether there is an account behind the name: neither one that is gone nor an import's placeholder. */
const signsIn = ({ state }: User): boolean => state === 'active' || state === 'deactivated'

/** Calls as somebody. What is refused is told in the table's own words. */
const callAs =
  ({ calls, feed }: Inside, who: UserId) =>
  async <Name extends OperationName>(name: Name, input: Input<Name>): Promise<Output<Name>> => {
    const session = await beginSession(feed, who)
    const from = { address: session.address, agent: session.agent }
    const admission = Admission.of(name, { user: who, by: 'session', id: session.id })
    if ('error' in admission) throw new NotDone(admission.error.message)
    const answer = await calls(name, input, { admission, transport: 'http', origin: from })
    await commitRow(feed, { row: 'session ended', session: session.id, user: who })
    if ('error' in answer) throw new NotDone(answer.error.message)
    return answer.ok as Output<Name>
  }

/** A session for one call, as by whoever has just given the password: whoever has the data directory may do anything with it. */
async function beginSession(feed: Inside['feed'], user: UserId): Promise<NewSession> {
  const at = Date.now()
  const hash = hashSecret(newSessionSecret(systemRandom))
  const session = {
    id: newId<SessionId>(at),
    user,
    hash,
    at,
    agent: 'confab user',
    address: 'the command line',
  }
  await commitRow(feed, { row: 'session', session })
  return session
}

async function commitRow(feed: Inside['feed'], row: RowWrite): Promise<void> {
  await feed.commit({ guards: [], appends: [], rows: [row] })
}

async function everybody({ store }: Inside): Promise<User[]> {
  const people: User[] = []
  for (;;) {
    const after = people.at(-1)?.id ?? null
    const { users } = await store.users({ after, limit: limits.usersAPage })
    people.push(...users)
    if (users.length < limits.usersAPage) return people
  }
}

function list(people: readonly User[]): void {
  const shown = people.filter(one => one.state !== 'deleted')
  const width = Math.max(0, ...shown.map(one => one.username.length))
  for (const one of shown) console.log(`${one.username.padEnd(width)}  ${one.role.padEnd(13)}  ${one.state}`)
}

/** A line of standard input: on a terminal it is asked for, and not shown while it is typed. */
async function newPassword(): Promise<string> {
  if (stdin.isTTY) stdout.write('New password: ')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY })
  try {
    for await (const line of lines) return line
    throw new NotDone('No password was given.')
  } finally {
    lines.close()
    if (stdin.isTTY) stdout.write('\n')
  }
}
