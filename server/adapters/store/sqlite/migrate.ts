import { chmodSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { refuseToOpen } from '../sql/problem.ts'
import { steps as allSteps } from '../sql/schema.ts'
import type { Fill, SchemaStep } from '../sql/schema-step.ts'
import { newWorkspace } from '../sql/schema-step.ts'
import { databaseFile } from './connection.ts'
import { applicationId, sqliteSchema, sqliteSchemaProblem } from './problems.ts'

/**
 * Brings the schema to the newest step, each in a transaction of its own, so that a crash leaves a whole step or none.
 * @throws CannotOpen for the database of a newer Confab or of another program.
 */
export function migrate(
  db: Database.Database,
  directory: string,
  now: number,
  steps: readonly SchemaStep[] = allSteps,
): void {
  refuseToOpen(sqliteSchemaProblem(db, directory, steps.length))
  chmodSync(databaseFile(directory), 0o600)
  for (let step = sqliteSchema(db); step < steps.length; step++) take(db, step, steps[step], now)
}

function take(db: Database.Database, step: number, sql: SchemaStep | undefined, now: number): void {
  db.transaction(() => {
    db.exec(`${sql?.tables}${sql?.sqlite ?? ''}`)
    for (const fill of sql?.fill ?? []) fillIn(db, fill)
    db.exec(sql?.last ?? '')
    if (step === 0) db.prepare('INSERT INTO workspace VALUES (1, ?, ?, 0, ?, 0)').run(...newWorkspace(now))
    db.pragma(`application_id = ${applicationId}`)
    db.pragma(`user_version = ${step + 1}`)
  }).immediate()
}

function fillIn(db: Database.Database, { read, into: { table, columns }, start }: Fill): void {
  const valuesOf = start()
  const set = columns.map(name => `${name} = ?`)
  const put = db.prepare(`UPDATE ${table} SET ${set} WHERE id = ?`)
  for (const row of db.prepare<[], Record<string, string>>(read).all()) {
    const values = valuesOf(row)
    if (values) put.run(...values)
  }
}
