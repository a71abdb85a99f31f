/**
 * Asks the shells of this machine what they make of a text. The text really runs, so it runs where it can do nothing:
 * no program is on the PATH, and files are written into a throw-away folder.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the command `p` was called with: its arguments, and what it saw of the variables A and B. */
export type ShellCall = { argv: string[]; a: string; b: string }

/** A place to run texts: everything that a shell may look up differs between two of them. */
type Place = { shell: string; isBash: boolean; folder: string; env: Record<string, string>; before: string }

const mark = '\x1d'
const end = '\x1e'

/** bash and dash in two places each; empty on a machine without both. */
export function shellPlaces(): Place[] {
  const shells = ['bash', 'dash'].map((name) => `/bin/${name}`)
  if (!shells.every((shell) => existsSync(shell))) return []
  const root = mkdtempSync(join(tmpdir(), 'parallax-shells-'))
  const folders = ['one', 'two'].map((name) => join(root, name))
  for (const folder of folders) {
    mkdirSync(folder)
    writeFileSync(join(folder, 'in'), '')
  }
  // Only the first folder has files that the patterns of the tests may match.
  for (const name of ['a', 'b', 'aa', 'ab', '1.', '-x', '2', '中', '=', '%', '@', '!', '^'])
    writeFileSync(join(folders[0], name), '')
  return shells.flatMap((shell): Place[] => {
    const isBash = shell.endsWith('bash')
    return [
      {
        shell,
        isBash,
        folder: folders[0],
        env: { HOME: '/home/one', OLDPWD: folders[1], A: 'x' },
        before: '',
      },
      // With nullglob a word that is a file pattern and matches nothing goes away, so that it shows.
      {
        shell,
        isBash,
        folder: folders[1],
        env: { HOME: '/home/two', OLDPWD: folders[0], A: 'y z', B: 'w' },
        before: isBash ? 'shopt -s nullglob' : '',
      },
    ]
  })
}

/** For each text the calls of `p` in their order. */
export function callsIn({ shell, folder, env, before }: Place, texts: readonly string[]): ShellCall[][] {
  // One write per call, so that calls of a pipeline do not mix; the number says which text a late one belongs to.
  const script = `${before}
p() { _s="$_n${mark}$A${mark}$B"; for _w; do _s="$_s${mark}$_w"; done; printf '%s${end}' "$_s" >&9; }
_n=0
for _t; do ( exec </dev/null; set -- P 'Q R'; eval "$_t"; wait ) >/dev/null 2>/dev/null; _n=$((_n + 1)); done`
  const { output, error } = spawnSync(shell, ['-c', script, 'sh', ...texts], {
    cwd: folder,
    env: { PATH: '/nonexistent', LC_ALL: 'C.UTF-8', ...env },
    stdio: ['ignore', 'ignore', 'ignore', ...Array.from({ length: 6 }, () => 'ignore' as const), 'pipe'],
    maxBuffer: 1 << 28,
  })
  if (error) throw error
  const calls: ShellCall[][] = texts.map(() => [])
  const records = (output[9] as unknown as Buffer).toString('utf8').split(end).slice(0, -1)
  for (const record of records) {
    const [number, a, b, ...argv] = record.split(mark)
    calls[Number(number)].push({ argv, a, b })
  }
  return calls
}

/** Whether a shell finds a mistake in the text without running it. */
export function hasSyntaxError({ shell, folder }: Place, text: string): boolean {
  return spawnSync(shell, ['-n', '-c', text], { cwd: folder, env: {}, stdio: 'ignore' }).status !== 0
}
