/** What deserves a look before a command is started. A pure function of the form and of facts gathered beforehand. */
import type { LaunchForm } from './launchForm.ts'
import { fileHints, nameHints } from './hints/files.ts'
import type { HintFacts, LaunchHint } from './hints/hint.ts'
import { machineHints, processHints } from './hints/machine.ts'
import { settingHints, valueHints } from './hints/settings.ts'

export type { GpuFact, HintFacts, LaunchHint } from './hints/hint.ts'

/** All hints for a form, worst first. */
export function launchHints(form: LaunchForm, facts: HintFacts = {}): LaunchHint[] {
  const hints = [
    ...processHints(form),
    ...machineHints(form, facts),
    ...fileHints(form, facts),
    ...nameHints(form, facts),
    ...settingHints(form, facts),
    ...valueHints(form),
  ]
  const rank = { error: 0, warning: 1, info: 2 }
  return hints.sort((a, b) => rank[a.severity] - rank[b.severity])
}
