import { openTemporarySqlite } from '../support/store-sqlite.ts'
import { storeContract } from './store-suite.ts'

storeContract('SQLite', openTemporarySqlite)
