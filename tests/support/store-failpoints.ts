import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Failpoint } from '../../server/adapters/store/sql/failpoint.ts'

/** The folder named in this module's address: a file in it, named as a failpoint, says what happens there. */
const folder = new URL(import.meta.url).searchParams.get('folder') ?? ''

/** Empty: nothing, it is being written. `die`: the thread ends. `kill`: the process does, by SIGKILL. Else an error of SQLite with that code. */
const failpoint: Failpoint = at => {
  const file = join(folder, at)
  if (!existsSync(file)) return
  const what = readFileSync(file, 'utf8').trim()
  if (what === '') return
  if (what === 'die') throw new Error('The thread was told to die.')
  if (what === 'kill') process.kill(process.pid, 'SIGKILL')
  else throw new Sqlite.SqliteError(`told to fail (${what})`, what)
}

export default failpoint
