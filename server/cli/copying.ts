import type { ParseArgsConfig } from 'node:util'
import { parseArgs } from 'node:util'
import type { Config } from '../config.ts'
import { readConfig, readDatabaseUrl } from '../config.ts'
import { CannotCopy } from '../copies/cannot-copy.ts'
import type { FilesPlace, Place } from '../copies/places.ts'
import { onStorage, placeOf } from '../copies/places.ts'
import { CannotOpen, Unavailable } from '../core/ports/failures.ts'
import { s3Of } from '../s3-settings.ts'

/** What was asked for is not clear; `because` says why where the usage does not. */
class WronglyCalled extends Error {}

export const wronglyCalled = (because = ''): Error => new WronglyCalled(because)

/** Does what a command was called for; answers its exit code. What keeps it from that is told as a sentence. */
export async function runCopying(usage: string, work: () => Promise<void>): Promise<number> {
  try {
    await work()
    return 0
  } catch (error) {
    if (error instanceof WronglyCalled) {
      console.error(error.message || usage)
      return 2
    }
    const sentence = sentenceOf(error)
    if (sentence === null) throw error
    console.error(sentence)
    return 1
  }
}

/** What went wrong, where it is none of this program's bugs. */
function sentenceOf(error: unknown): string | null {
  if (error instanceof CannotOpen || error instanceof CannotCopy) return error.message
  if (error instanceof Unavailable) return `${error.message}: ${(error.cause as Error | undefined)?.message}.`
  const { code, syscall, message } = error as NodeJS.ErrnoException
  if (code === 'SQLITE_FULL' || code === 'ENOSPC')
    return 'The disk is full. Make room, and run the same command again.'
  // Of the file system, of SQLite and of PostgreSQL: a class of two characters and three more.
  if (typeof code === 'string' && (syscall || /^SQLITE_|^[0-9A-Z]{5}$/.test(code))) return `${message}.`
  return message?.startsWith('Connection terminated')
    ? 'The connection to PostgreSQL was lost. Run the same command again.'
    : null
}

/** @throws WronglyCalled, see `wronglyCalled` */
export function flagsOf<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch {
    throw wronglyCalled()
  }
}

/** The settings, with the data directory that a flag names. */
export function configOf(data: string | undefined): Config {
  const read = readConfig(data === undefined ? {} : { data })
  if ('wrong' in read) throw wronglyCalled(read.wrong.join('\n'))
  return read.config
}

/** Where the settings say that the workspace is. */
export function placeOfConfig(config: Config): Place {
  const { databaseUrl: url, data } = config
  const files = storedFiles(config)
  return url === null ? { is: 'sqlite', data, ...files } : { is: 'postgres', url, data, ...files }
}

/** The place that a flag names. What is written is not repeated: a password may be in it. */
export function placeOfFlag(flag: string, word: string, config: Config): Place {
  if (word === '' || (word.includes('://') && !readDatabaseUrl(word)))
    throw wronglyCalled(
      `--${flag} must be a directory or an address of PostgreSQL, such as postgres://confab@127.0.0.1:5432/confab.`,
    )
  return { ...placeOf(word, config.data), ...storedFiles(config) }
}

/** With storage set, files are there, wherever the tables are. */
function storedFiles(config: Config): { files?: FilesPlace } {
  const storage = s3Of(config)
  return storage ? { files: onStorage(storage) } : {}
}

/** Tells of files that rows name and that nobody has. */
export function tellMissing(missing: readonly string[]): void {
  if (missing.length === 0) return
  console.error(
    `Files that the database names were not there already, and are missing in the copy too (${missing.length}):\n  ${missing.join('\n  ')}`,
  )
}
