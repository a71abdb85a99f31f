/** Checks a command before it is started and says what is wrong in words, and puts the chosen Python in its place. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { activation, kindOfPython } from './pythons.ts'

export type CommandRequest = {
  argv: readonly string[]
  cwd: string
  env: Record<string, string>
  python?: string
}
/** A command whose program is a path that may be executed. `env` is the whole environment of the child. */
export type PreparedCommand = {
  argv: string[]
  cwd: string
  env: Record<string, string>
  added: Record<string, string>
}

const pythonName = /^python(\d+(\.\d+)?)?(\.exe)?$/
/** Python options that take their value from the next argument. */
const optionsWithValue = new Set(['-W', '-X', '--check-hash-based-pycs'])

/**
 * @param base the environment to add to, usually the engine's own.
 * @throws AppError `not-found` (folder, script), `missing-program`, or `permission`; nothing was started then.
 */
export async function prepareCommand(
  request: CommandRequest,
  base: Readonly<Record<string, string | undefined>>,
): Promise<PreparedCommand> {
  const cwd = resolve(request.cwd)
  if (!existsSync(cwd) || !statSync(cwd).isDirectory()) {
    throw new AppError('not-found', `The working folder ${cwd} does not exist.`, {
      hint: 'Choose the folder of the workspace.',
    })
  }
  const env = Object.fromEntries(
    Object.entries(base).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const added: Record<string, string> = { ...request.env }
  const [program, ...args] = request.argv as [string, ...string[]]
  let argv = [program, ...args]
  if (request.python !== undefined) {
    requireExecutable(request.python, 'The Python')
    const { folder, variables } = activation({
      path: request.python,
      kind: await kindOfPython(request.python),
    })
    Object.assign(added, variables)
    env['PATH'] = [folder, request.env['PATH'] ?? env['PATH']].filter(Boolean).join(delimiter)
    delete added['PATH']
    if (pythonName.test(program)) argv = [request.python, ...args]
    else if (program === 'torchrun' && !existsSync(join(folder, program)))
      argv = [request.python, '-m', 'torch.distributed.run', ...args]
  }
  // Output would otherwise appear in blocks of 8 kB, minutes late.
  if (env['PYTHONUNBUFFERED'] === undefined && added['PYTHONUNBUFFERED'] === undefined)
    env['PYTHONUNBUFFERED'] = '1'
  Object.assign(env, added)
  argv[0] = findProgram(argv[0]!, cwd, env['PATH'] ?? '')
  requireScript(argv, cwd)
  return { argv, cwd, env, added: request.env }
}

/** @throws AppError `missing-program` or `permission`. */
export function findProgram(program: string, cwd: string, path: string): string {
  const hint = pythonName.test(program)
    ? 'Install Python 3, or choose the Python of your environment (venv or conda).'
    : /^(torchrun|accelerate|deepspeed)$/.test(program)
      ? `${program} comes with a Python package: choose the Python of the environment that has it.`
      : 'Check the spelling, or choose the Python environment that has it.'
  if (/[\\/]/.test(program)) {
    const full = isAbsolute(program) ? program : join(cwd, program)
    if (!existsSync(full))
      throw new AppError('missing-program', `The program ${full} does not exist.`, { hint })
    requireExecutable(full, 'The program')
    return full
  }
  const extensions = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : ['']
  const places = path
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => extensions.map((extension) => join(resolve(cwd, folder), program + extension)))
  const present = places.filter((place) => existsSync(place) && statSync(place).isFile())
  const found = present.find(isExecutable)
  if (found !== undefined) return found
  if (present[0] !== undefined) requireExecutable(present[0], 'The program')
  throw new AppError('missing-program', `The program ${program} was not found.`, { hint })
}

/** The script in `python [options] script.py …`, or of torchrun; `undefined` for `-m module`, `-c code` and other programs. */
export function scriptOf(argv: readonly string[]): string | undefined {
  const name = (argv[0] ?? '').split(/[\\/]/).at(-1) ?? ''
  if (pythonName.test(name)) {
    for (let index = 1; index < argv.length; index++) {
      const argument = argv[index]!
      if (argument === '-m' || argument === '-c') return undefined
      if (optionsWithValue.has(argument)) index++
      else if (!argument.startsWith('-')) return argument
    }
    return undefined
  }
  return name === 'torchrun'
    ? argv.slice(1).find((argument) => !argument.startsWith('-') && argument.endsWith('.py'))
    : undefined
}

function requireScript(argv: readonly string[], cwd: string): void {
  const script = scriptOf(argv)
  if (script === undefined) return
  const path = resolve(cwd, script)
  if (!existsSync(path)) {
    throw new AppError('not-found', `The script ${path} does not exist.`, {
      hint: `Is ${cwd} the folder of the workspace?`,
    })
  }
  try {
    accessSync(path, constants.R_OK)
  } catch (cause) {
    throw new AppError('permission', `The script ${path} may not be read by this user.`, {
      hint: 'Check its permissions (chmod +r).',
      cause,
    })
  }
}

function requireExecutable(path: string, subject: string): void {
  if (!existsSync(path))
    throw new AppError('missing-program', `${subject} ${path} does not exist.`, {
      hint: 'Choose another one.',
    })
  if (isExecutable(path)) return
  throw new AppError('permission', `${subject} ${path} may not be executed by this user.`, {
    hint: 'Check its permissions (chmod +x).',
  })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
