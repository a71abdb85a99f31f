/** The command line: `parallax <command>`. Parses, calls the same dispatch as the window, prints, sets the exit status. */
import { toAppError, type AppError } from '../../../shared/errors.ts'
import { studioVersion } from '../../paths.ts'
import { commandHelp, commonFlags, type Command } from './command.ts'
import { commands } from './commands/index.ts'
import { parseFlags } from './flags.ts'
import { createOutput } from './output.ts'
import { createSession } from './session.ts'

const exitUsage = 2

/** Runs one command line and gives the exit status: 0 done, 1 failed, 2 wrong usage, 4 metrics missing, 130 cancelled. */
async function main(args: readonly string[]): Promise<number> {
  // What stands behind `--` belongs to the program that is started.
  const end = args.indexOf('--')
  const own = end < 0 ? args : args.slice(0, end)
  const out = createOutput(own.includes('--json'))
  const command = findCommand(args)
  if (!command) return overview(args)
  const rest = args.slice(command.name.split(' ').length)
  if (own.includes('--help') || own.includes('-h')) {
    process.stdout.write(commandHelp(command))
    return 0
  }
  let session: ReturnType<typeof createSession> | undefined
  try {
    const flags = parseFlags(rest, [...command.flags, ...commonFlags])
    session = createSession({
      workspace: flags.text('workspace'),
      out,
      door: command.name === 'serve' ? 'engine' : 'terminal',
    })
    return await command.run({ flags, session, out })
  } catch (caught) {
    const error = toAppError(caught)
    out.error(error)
    if (error.code === 'internal' && process.env.PARALLAX_DEBUG)
      process.stderr.write(`${(caught as Error).stack}\n`)
    return statusOf(error)
  } finally {
    await session?.close()
  }
}

/** The command with the most words that the arguments begin with. */
function findCommand(args: readonly string[]): Command | undefined {
  const isPrefix = ({ name }: Command) => name.split(' ').every((word, index) => args[index] === word)
  return commands.filter(isPrefix).sort((a, b) => b.name.length - a.name.length)[0]
}

function overview(args: readonly string[]): number {
  const [first] = args
  if (first === '--version' || first === 'version') {
    process.stdout.write(`parallax ${studioVersion}\n`)
    return 0
  }
  const isHelp =
    first === undefined || first === 'help' || first === '--help' || first === '-h' || first === '--json'
  const group = commands.filter(({ name }) => name.startsWith(`${first} `))
  const shown = group.length > 0 ? group : commands
  const rows = shown.map(({ name, summary }) => `  parallax ${name.padEnd(22)} ${summary}`)
  const text = `Parallax ${studioVersion}: is this checkpoint better, and why?\n\n${rows.join('\n')}\n\nEvery command has --help, --json and --workspace DIR.\n`
  if (isHelp) process.stdout.write(text)
  else process.stderr.write(group.length > 0 ? text : `There is no command "${first}".\n\n${text}`)
  return isHelp ? 0 : exitUsage
}

function statusOf(error: AppError): number {
  if (error.code === 'usage' || error.code === 'no-pairs') return exitUsage
  return error.code === 'cancelled' ? 130 : 1
}

// A reader that goes away (`| head`) ends the output, not the program with a stack trace.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`${toAppError(error, 'The output').message}\n`)
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})
main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status
  },
  (caught: unknown) => {
    process.stderr.write(`${toAppError(caught).message}\n`)
    process.exitCode = 1
  },
)
