/** Cuts the words of a command into launchers, script and arguments. */
import { findArgument, type ArgumentSpec } from './argumentSpec.ts'
import { argumentsOfModule, launcherOf, type LauncherSpec } from './launchers.ts'

/** One program in front of the script, with its own words (sub-command and `-m` included). */
export type LaunchStage = { program: string; words: string[] }

/** `[...stages, script, ...args]` flattened gives the command's words back. */
export type LaunchParts = {
  stages: LaunchStage[]
  /** Path of a script or, after `-m`, name of a module; undefined when the command starts no script. */
  script: string | undefined
  args: string[]
}

/** The specs that fit a stage: `python -m torch.distributed.run` has the options of torchrun. */
export function stageArguments(stage: LaunchStage): readonly ArgumentSpec[] {
  const spec = launcherOf(stage.program)
  if (!spec) return []
  const more = argumentsOfModule(stage.words[stage.words.indexOf('-m') + 1])
  return spec.name === 'python' && more ? [...spec.args, ...more] : spec.args
}

/**
 * Splits `argv`. Never loses or changes a word: joining the parts again gives `argv`.
 *
 * @param argv program and arguments as a shell passes them.
 */
export function splitLaunch(argv: readonly string[]): LaunchParts {
  const stages: LaunchStage[] = []
  let at = 0
  while (at < argv.length) {
    const spec = launcherOf(argv[at])
    if (!spec) break
    const end = endOfOwnWords(argv, at, spec)
    stages.push({ program: argv[at], words: argv.slice(at + 1, end) })
    at = end
    if (spec.starts === 'script') return { stages, script: argv[at], args: argv.slice(at + 1) }
  }
  return { stages, script: argv[at], args: argv.slice(at + 1) }
}

/** Index of the first word that no longer belongs to the launcher at `start`: the script or the started command. */
function endOfOwnWords(argv: readonly string[], start: number, spec: LauncherSpec): number {
  let at = start + 1
  let specs = spec.args
  let positionals = spec.positionals ?? 0
  if (spec.subcommand !== undefined) {
    if (argv[at] !== spec.subcommand) return argv.length
    at++
  }
  while (at < argv.length) {
    const word = argv[at]
    if (word === '--') return at + 1
    const isAssignmentOfEnv = spec.name === 'env' && /^[A-Za-z_]\w*=/.test(word)
    if (!word.startsWith('-') || word === '-') {
      if (isAssignmentOfEnv) at++
      else if (positionals > 0) {
        positionals--
        at++
      } else return at
      continue
    }
    // Code on the command line has no script.
    if (spec.name === 'python' && word === '-c') return argv.length
    const moduleArguments =
      word === '-m' && spec.name === 'python' ? argumentsOfModule(argv[at + 1]) : undefined
    if (moduleArguments) {
      specs = moduleArguments
      at += 2
      continue
    }
    at += 1 + (takesValue(specs, word, argv[at + 1]) ? 1 : 0)
  }
  return at
}

/** Whether an option of a launcher is followed by its value. For options nobody described, the next word decides. */
function takesValue(specs: readonly ArgumentSpec[], word: string, next: string | undefined): boolean {
  if (word.includes('=') || next === undefined) return false
  const known = findArgument(specs, word)
  if (known) return known.type !== 'switch'
  if (!word.startsWith('--') && word.length > 2 && findArgument(specs, word.slice(0, 2))) return false
  return !next.startsWith('-') && !/\.(py|sh)$/.test(next) && launcherOf(next) === undefined
}
