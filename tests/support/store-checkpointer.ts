// A process that copies a store's write-ahead log into its database again and again, beside whoever writes, until it is killed or cannot:
// then it prints `fails`.
import { writeSync } from 'node:fs'
import Database from 'better-sqlite3'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'

const db = new Database(databaseFile(process.argv[2] ?? ''), { fileMustExist: true })
db.pragma('wal_checkpoint(PASSIVE)')
writeSync(1, 'runs\n')
try {
  for (;;) db.pragma('wal_checkpoint(PASSIVE)')
} catch {
  writeSync(1, 'fails\n')
}
