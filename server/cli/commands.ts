/** One thing that the program does from the command line. `run` answers the exit code. */
export interface Command {
  readonly usage: string
  readonly does: string
  run(args: readonly string[]): Promise<number>
}

/** All commands, by the word that calls them; without one, `start` is meant. */
export const commands: Readonly<Record<string, Command | undefined>> = Object.assign(
  Object.create(null) as object,
  {
    start: {
      usage: 'start [settings]',
      does: 'Starts the server, and prints the address to open.',
      run: async args => (await import('./start.ts')).start(args),
    },
    import: {
      usage: 'import django --database <file> ...',
      does: 'Brings the users, pictures, rooms and messages of a Django ChatApp, while the server is stopped.',
      run: async args => (await import('./import/django/command.ts')).importDjango(args),
    },
    backup: {
      usage: 'backup --to <folder> [--keep <n>]',
      does: 'Writes a verified copy of everything into a new folder of that one, also while the server runs.',
      run: async args => (await import('./backup.ts')).backup(args),
    },
    restore: {
      usage: 'restore --from <backup> [--to <place>] [--replace]',
      does: 'Brings a backup back, while the server is stopped.',
      run: async args => (await import('./restore.ts')).restoreCommand(args),
    },
    'accept-loss': {
      usage: 'accept-loss [--data <directory>]',
      does: 'Lets a workspace on SQLite go on without what a crash and a removed file took from it, while the server is stopped.',
      run: async args => (await import('./accept-loss.ts')).acceptLossOf(args),
    },
    move: {
      usage: 'move --to <place> [--from <place>]',
      does: 'Takes a workspace from SQLite to PostgreSQL or back, while the server is stopped.',
      run: async args => (await import('./move.ts')).moveCommand(args),
    },
    user: {
      usage: 'user list|password|role|create ...',
      does: 'Helps when nobody can sign in, while the server is stopped.',
      run: async args => (await import('./user.ts')).userCommand(args),
    },
    doctor: {
      usage: 'doctor [settings] [--json]',
      does: 'Looks at everything that a server with these settings needs, and says what to do.',
      run: async args => (await import('./doctor.ts')).doctor(args),
    },
    seed: {
      usage: 'seed --users <n> --rooms <n> --messages <n> --tokens <file>',
      does: 'Fills a new data directory for trials, and writes a token for each person.',
      run: async args => (await import('./seed.ts')).seed(args),
    },
    help: {
      usage: 'help',
      does: 'Tells the commands and the settings. --help does the same.',
      run: async () => (await import('./help.ts')).help(),
    },
    version: {
      usage: 'version',
      does: 'Tells the version. --version does the same.',
      run: async () => (await import('./help.ts')).version(),
    },
  } satisfies Record<string, Command>,
)
