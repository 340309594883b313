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
    user: {
      usage: 'user list|password|role|create ...',
      does: 'Helps when nobody can sign in, while the server is stopped.',
      run: async args => (await import('./user.ts')).user(args),
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
