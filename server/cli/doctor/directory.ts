import type { StatsFs } from 'node:fs'
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { notWritten, reasonOf } from '../../adapters/reason.ts'
import type { Finding } from './finding.ts'
import { fail, ok, warn } from './finding.ts'

const mebibyte = 1024 * 1024

/** File systems over a network, by the number that statfs tells (linux/magic.h): their locks are a promise of another machine's. */
const overNetwork: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  16914839: '9P',
  198183888: 'Lustre',
  12805120: 'Ceph',
}

export interface DirectoryFacts {
  readonly directory: string
  /** Whether it holds a SQLite database, which needs locks. */
  readonly database: boolean
  /** The user that asks, as process.getuid answers; undefined where there are none. */
  readonly uid: number | undefined
  readonly statfs?: (
    path: string,
  ) => Pick<StatsFs, 'bavail' | 'bsize' | 'type'> & Partial<Pick<StatsFs, 'files' | 'ffree'>>
}

/** The data directory: whose it is, who reads it, and what it lies on. */
export function checkDirectory(facts: DirectoryFacts): Finding[] {
  const { directory } = facts
  if (!existsSync(directory)) return [willBeMade(directory)]
  try {
    return [ownership(facts), ...writable(directory), ...mode(directory), ...place(facts)]
  } catch (error) {
    return [
      fail(
        `The data directory ${directory} cannot be looked at: ${reasonOf(error)}.`,
        'Call this as the user that the server runs as.',
      ),
    ]
  }
}

function willBeMade(directory: string): Finding {
  const parent = nearest(dirname(directory))
  try {
    accessSync(parent, constants.W_OK)
    return ok(`The data directory ${directory} is not there yet: the first start makes it.`)
  } catch (error) {
    return fail(
      `The data directory ${directory} is not there, and ${parent} cannot be written to: ${notWritten(error)}.`,
      'Make it, and give it to the user that the server runs as (chown), or set CONFAB_DATA to another.',
    )
  }
}

const nearest = (path: string): string => (existsSync(path) ? path : nearest(dirname(path)))

function ownership({ directory, uid }: DirectoryFacts): Finding {
  const found = statSync(directory)
  if (!found.isDirectory()) return fail(`${directory} is no directory.`, 'Set CONFAB_DATA to a directory.')
  if (uid === undefined || uid === found.uid) return ok(`The data directory is ${directory}, and ours.`)
  if (uid === 0)
    return warn(
      `The data directory ${directory} is that of user ${found.uid}, and this is root.`,
      `Call commands as user ${found.uid} (sudo --user='#${found.uid}'), so that no file comes to belong to root.`,
    )
  return fail(
    `The data directory ${directory} is that of user ${found.uid}, and this is user ${uid}.`,
    `Call this as the user that the server runs as, or give the directory to it (chown --recursive).`,
  )
}

/** Of a file system that is mounted read-only, the owner's rights tell nothing. */
function writable(directory: string): Finding[] {
  try {
    accessSync(directory, constants.W_OK)
    return []
  } catch (error) {
    const [is = '', ...fix] = notWritten(error).split('. ')
    return [fail(`The data directory ${directory} cannot be written to: ${is}.`, `${fix.join('. ')}.`)]
  }
}

function mode(directory: string): Finding[] {
  if (process.platform === 'win32') return []
  const bits = statSync(directory).mode & 0o777
  const told = bits.toString(8).padStart(4, '0')
  if ((bits & 0o077) === 0) return [ok(`Only its owner reads the data directory (${told}).`)]
  const others = `Others may enter the data directory ${directory} (${told}).`
  return [warn(others, `Run \`chmod 700 ${directory}\`; the next start does so too.`)]
}

function place({ directory, database, statfs = statfsSync }: DirectoryFacts): Finding[] {
  const { bavail, bsize, type, files, ffree } = statfs(directory)
  const free = Math.floor((Number(bavail) * Number(bsize)) / mebibyte)
  return [
    room(free),
    ...roomForFiles(Number(files), Number(ffree)),
    ...(database ? [locks(overNetwork[Number(type)])] : []),
  ]
}

function room(free: number): Finding {
  const says = `${free} MiB are free where the data is.`
  const fix = 'Make room, or move the data directory to a larger disk while the server is stopped.'
  if (free < 100) return fail(says, fix)
  return free < 1024 ? warn(says, fix) : ok(says)
}

/** A file system may have room for bytes and none for another file. Some count no files, and say 0 of 0. */
function roomForFiles(all: number, free: number): Finding[] {
  if (!(all > 0) || free >= 1_000) return []
  return [
    fail(
      `There is room for ${free} more files where the data is (df -i).`,
      'Take away files that nobody needs there, or move the data directory to another disk while the server is stopped.',
    ),
  ]
}

function locks(network: string | undefined): Finding {
  if (!network) return ok('The data lies on a file system of this machine.')
  return fail(
    `The data lies on ${network}, a file system over a network, where SQLite may lose or break what it writes.`,
    'Move the data directory to a disk of this machine, or keep the data in PostgreSQL (CONFAB_DATABASE_URL).',
  )
}
