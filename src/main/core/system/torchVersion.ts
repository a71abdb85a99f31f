/** Which PyTorch an interpreter would import, read from its files: asking Python itself takes seconds. */
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Version and CUDA of the PyTorch beside an interpreter, such as `torch 2.6.0, CUDA 12.4`; `undefined` when there is
 * none in its own folders.
 *
 * @param python path of the interpreter, as it is called: a virtual environment is told by it.
 */
export async function torchOf(python: string): Promise<string | undefined> {
  for (const folder of await packageFolders(dirname(dirname(python)), dirname(python))) {
    const text = await readFile(join(folder, 'torch', 'version.py'), 'utf8').catch(() => undefined)
    const version = text && /^__version__(?:: \w+)? = '([^']+)'/m.exec(text)?.[1]
    if (!version) continue
    const cuda = /^cuda(?:: [^=]+)? = '([^']+)'/m.exec(text)?.[1]
    return `torch ${version.replace(/\+.*/, '')}, ${cuda === undefined ? 'no CUDA' : `CUDA ${cuda}`}`
  }
  return undefined
}

/** Where packages of an interpreter lie: Unix, Debian, Windows. */
async function packageFolders(root: string, folder: string): Promise<string[]> {
  const libraries = [join(root, 'lib'), join(root, 'local', 'lib')]
  const found = await Promise.all(
    libraries.map(async (library) => {
      const names = await readdir(library).catch((): string[] => [])
      return names
        .filter((name) => /^python3(\.\d+)?$/.test(name))
        .flatMap((name) => [join(library, name, 'site-packages'), join(library, name, 'dist-packages')])
    }),
  )
  return [...found.flat(), join(root, 'Lib', 'site-packages'), join(folder, 'Lib', 'site-packages')]
}
