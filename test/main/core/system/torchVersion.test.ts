import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { torchOf } from '../../../../src/main/core/system/torchVersion.ts'
import { temporaryFolder } from '../../../support/frames.ts'

/** An environment with the files that tell of PyTorch; gives its interpreter. */
function environment(folder: string, text: string): string {
  const root = temporaryFolder('environment')
  const file = join(root, folder, 'torch/version.py')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return join(root, 'bin/python')
}

describe('the PyTorch of an interpreter', () => {
  it.each([
    [
      'lib/python3.12/site-packages',
      "from typing import Optional\n__all__ = ['x']\n__version__ = '2.6.0+cu124'\ndebug = False\ncuda: Optional[str] = '12.4'\nhip: Optional[str] = None\n",
      'torch 2.6.0, CUDA 12.4',
    ],
    ['lib/python3.10/site-packages', "__version__ = '2.1.2+cpu'\ncuda = None\n", 'torch 2.1.2, no CUDA'],
    [
      'local/lib/python3.11/dist-packages',
      "__version__ = '1.13.1'\ncuda = '11.7'\n",
      'torch 1.13.1, CUDA 11.7',
    ],
    ['lib/python3.11/site-packages', 'import os\n', undefined],
  ])('in %s is read from its files', async (folder, text, found) => {
    expect(await torchOf(environment(folder, text))).toBe(found)
  })

  it('is none where there is no such folder', async () => {
    expect(await torchOf('/nowhere/bin/python')).toBeUndefined()
  })
})
