import { accessSync, closeSync, constants, existsSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { notWritten } from '../../not-written.ts'
import { databaseFile } from './connection.ts'

/** More than what is left where a disk is full but for a few bytes. */
const probeBytes = 64 * 1024

/**
 * Why SQLite could not open or write in a directory: it tells one thing of many, so that the same is tried beside it, and the system asked.
 * Half a sentence, and what to do.
 */
export function whyNotOpened(directory: string, cause: Error): string {
  const code = 'code' in cause ? String(cause.code) : ''
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return `it is damaged (${cause.message}). Keep a copy of the data directory as it is, and restore the newest backup`
  for (const look of [() => mayWrite(directory), () => probe(directory)])
    try {
      look()
    } catch (refused) {
      return notWritten(refused)
    }
  return cause.message
}

function mayWrite(directory: string): void {
  for (const path of [directory, databaseFile(directory), join(directory, 'lock.db')])
    if (existsSync(path)) accessSync(path, constants.W_OK)
}

function probe(directory: string): void {
  const path = join(directory, `probe-${process.pid}`)
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let left = probeBytes; left > 0; ) left -= writeSync(file, Buffer.alloc(left))
  } finally {
    closeSync(file)
    unlinkSync(path)
  }
}
