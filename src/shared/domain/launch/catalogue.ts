/** Which script takes which arguments, and what kind of work a script does. */
import type { ScriptCatalogue } from './argumentSpec.ts'
import { evaluationCatalogues } from './evaluationArguments.ts'
import { trainCatalogue } from './trainArguments.ts'

/** All described scripts. */
export const catalogues: readonly ScriptCatalogue[] = [trainCatalogue, ...evaluationCatalogues]

/** The arguments of a script, found by its file name; `undefined` for a script nobody described. */
export function catalogueOf(script: string | undefined): ScriptCatalogue | undefined {
  const name = script === undefined ? undefined : baseName(script)
  return catalogues.find((catalogue) => catalogue.script === name)
}

/** The work a recorded command does. */
export const commandKinds = ['train', 'eval-gen', 'eval-loc', 'benchmark', 'frames-to-video'] as const
export type CommandKind = (typeof commandKinds)[number]

const words: [CommandKind | 'eval', RegExp][] = [
  ['frames-to-video', /frames?_?(to|2)_?videos?|video|mp4/],
  ['benchmark', /benchmark|metrics?|score|(?<![a-z])(bench|fid|fvd|lpips)(?![a-z])/],
  ['train', /train|finetune|fine_tune|(?<![a-z])(sft|pretrain)(?![a-z])/],
  ['eval', /eval|test|infer|generat|sampl|predict|locali[sz]/],
]

/**
 * The kind of a script from its name: the word that comes first counts, so `eval_csgo_loc.py` is `eval-loc` and
 * `train_csgo_test_dataloader_time.py` is `train`. `undefined` when the name says nothing.
 */
export function kindOfScript(script: string): CommandKind | undefined {
  const name = baseName(script)
    .replace(/\.(py|sh)$/, '')
    .toLowerCase()
    .replaceAll('-', '_')
  let best: { kind: CommandKind | 'eval'; at: number } | undefined
  for (const [kind, pattern] of words) {
    const at = name.search(pattern)
    if (at >= 0 && (best === undefined || at < best.at)) best = { kind, at }
  }
  if (best === undefined) return undefined
  if (best.kind !== 'eval') return best.kind
  return /(?<![a-z])(loc|locali[sz]\w*|pose|regression)(?![a-z])/.test(name) ? 'eval-loc' : 'eval-gen'
}

/** The last part of a path or of a dotted module name. */
export function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  return /\.(py|sh)$/.test(name) ? name : name.slice(name.lastIndexOf('.') + 1)
}
