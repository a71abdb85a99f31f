/** A command of `parallax`: what it is called, what it takes, and what it does with an open studio. */
import { AppError } from '../../../shared/errors.ts'
import type { Flag, ParsedFlags } from './flags.ts'
import type { Output } from './output.ts'
import type { Session } from './session.ts'

export type CommandContext = { flags: ParsedFlags; session: Session; out: Output }

export type Command = {
  /** Words after `parallax`, such as `runs list`. */
  name: string
  summary: string
  /** Positional arguments as shown in the help. */
  usage?: string
  flags: readonly Flag[]
  /** Examples for the help, without `parallax`. */
  examples?: readonly string[]
  /** Gives the exit status: 0 done, 1 failed, 4 a metric that was asked for is missing. */
  run(context: CommandContext): Promise<number>
}

/** Flags every command has. */
export const commonFlags: readonly Flag[] = [
  { name: 'workspace', value: 'DIR', help: 'the repository to work in (default: this folder)' },
  { name: 'json', help: 'JSON lines on stdout, messages on stderr' },
  { name: 'help', aliases: ['h'], help: 'show this help' },
]

/** Before anything has started, a path that is not there is a wrong argument (exit 2). */
export function asWrongArgument(caught: unknown): never {
  if (caught instanceof AppError && caught.code === 'not-found') {
    throw new AppError('usage', caught.message, { hint: caught.hint, cause: caught })
  }
  throw caught
}

/** The help text of one command. */
export function commandHelp({ name, summary, usage, flags, examples }: Command): string {
  const rows = [...flags, ...commonFlags].map((flag) => {
    const left = `  --${flag.name}${flag.value === undefined ? '' : ` ${flag.value}`}`
    return `${left.padEnd(30)} ${flag.help}`
  })
  const shown = examples?.map((example) => `  parallax ${example}`) ?? []
  return [
    `parallax ${name}${usage === undefined ? '' : ` ${usage}`}`,
    '',
    summary,
    '',
    ...rows,
    ...(shown.length > 0 ? ['', 'Examples:', ...shown] : []),
    '',
  ].join('\n')
}
