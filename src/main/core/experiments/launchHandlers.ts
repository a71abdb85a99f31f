/** Answers the operations around launch forms: making one, writing it as a command, hints, templates. */
import type { experiments as contract } from '../../../shared/contract/experiments.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import { trainingSize } from '../../../shared/domain/launch/arithmetic.ts'
import { kindOfScript } from '../../../shared/domain/launch/catalogue.ts'
import { debugCopy } from '../../../shared/domain/launch/debugCopy.ts'
import { launchHints, type GpuFact } from '../../../shared/domain/launch/hints.ts'
import { diffForms } from '../../../shared/domain/launch/launchDiff.ts'
import { commandFromForm, formFromCommand } from '../../../shared/domain/launch/launchForm.ts'
import { slurmScript } from '../../../shared/domain/launch/slurmScript.ts'
import { quoteShell } from '../../../shared/domain/shellWords.ts'
import { AppError } from '../../../shared/errors.ts'
import { nameForHints } from './check.ts'
import type { ExperimentsRepository } from './experiments.repository.ts'
import { findFreePort, gatherFacts } from './facts.ts'
import { readSpan } from './labBook/launchText.ts'
import type { Shelf } from './shelf.ts'

type LaunchOperations = Pick<
  typeof contract,
  | 'experiments.form'
  | 'experiments.command'
  | 'experiments.debugCopy'
  | 'experiments.slurm'
  | 'experiments.hints'
  | 'experiments.freePort'
  | 'experiments.templates.list'
  | 'experiments.templates.save'
  | 'experiments.templates.remove'
>

export function launchHandlers(
  repository: ExperimentsRepository,
  shelf: Shelf,
  gpus: (() => Promise<readonly GpuFact[] | undefined>) | undefined,
): Handlers<LaunchOperations> {
  return {
    'experiments.form': (input) => {
      if ('commandId' in input) {
        const found = repository.command(input.commandId)
        if (!found) throw new AppError('not-found', 'This command is not known any more.')
        return {
          form: formFromCommand(found.command),
          kind: found.command.kind,
          labels: found.command.labels,
          experiment: repository.experiment(found.experimentId)?.name ?? null,
        }
      }
      const form = formFromCommand('text' in input ? commandOfText(input.text) : input)
      return { form, kind: kindOfScript(form.script ?? '') ?? null, labels: null, experiment: null }
    },
    'experiments.command': ({ form, against }) => {
      const command = commandFromForm(form)
      return {
        ...command,
        shell: quoteShell(command.argv, command.env),
        differences: against ? diffForms(against, form) : [],
      }
    },
    'experiments.debugCopy': ({ form }) => {
      const copy = debugCopy(form)
      return { form: copy, differences: diffForms(form, copy) }
    },
    'experiments.slurm': ({ form, settings }) => ({ script: slurmScript(form, settings) }),
    'experiments.hints': async ({ form, experiment, root }) => {
      const { entries, isBalanced, ...facts } = await gatherFacts(form, {
        root: shelf.root(root),
        ...(experiment === undefined ? {} : { experiment: nameForHints(experiment) }),
        gpus: await gpus?.(),
      })
      const isTraining = kindOfScript(form.script ?? '') === 'train'
      return {
        hints: launchHints(form, facts),
        size: isTraining
          ? trainingSize(form, { isBalanced, ...(entries === undefined ? {} : { entries }) })
          : null,
        entries: entries ?? null,
        checkpointSteps: [...(facts.checkpointSteps ?? [])],
      }
    },
    'experiments.freePort': async ({ from }) => ({ port: await findFreePort(from) }),

    'experiments.templates.list': () => repository.templates(),
    'experiments.templates.save': ({ name, form }) => repository.saveTemplate(name, form),
    'experiments.templates.remove': ({ id }) => ({ removed: repository.removeTemplate(id) }),
  }
}

/** The one launch command in a line pasted from a terminal. @throws AppError `usage` when there is none, or several. */
function commandOfText(text: string): { env: Record<string, string>; argv: string[] } {
  const { launches, problems } = readSpan(text)
  const error = problems.find(({ severity }) => severity === 'error')
  if (error)
    throw new AppError('usage', error.message, {
      hint: 'Write the values out, and close every quote.',
      details: { line: error.line + 1 },
    })
  if (launches.length !== 1)
    throw new AppError(
      'usage',
      launches.length === 0
        ? 'This is no command that starts a known script.'
        : `These are ${launches.length} commands.`,
      { hint: 'Paste one command, such as python train_csgo.py --csgo_config …' },
    )
  return { env: launches[0].env, argv: launches[0].argv }
}
