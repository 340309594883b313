import { test } from 'node:test'
import pg from 'pg'
import { temporaryDatabase } from './support/postgres-database.ts'
import { connectionConfig } from '../server/adapters/store/postgres/connection.ts'
import { migratePostgres } from '../server/adapters/store/postgres/migrate.ts'
import { programOf } from '../server/adapters/store/postgres/program.ts'
test('x', async () => {
  await using db = await temporaryDatabase()
  const c = new pg.Client({...connectionConfig(db.url), pipeline: false}); await c.connect()
  await migratePostgres(c, 1)
  const p = programOf()
  await c.query(p.install).catch(e => { console.log(e.message, e.position, e.where, p.install.slice(e.position-200, +e.position+100)) })
  await c.query('CREATE EXTENSION IF NOT EXISTS plpgsql_check').catch(e=>console.log(e.message))
  const r = await c.query(`SELECT ${p.commit}($1,$2,$3,$4) as x`, [['workspace'],[],[],JSON.stringify([{guards:[],appends:[],rows:[]}])]).catch(e=>console.log(e.message, e.where))
  console.log(JSON.stringify(r?.rows))
  await c.end()
})
