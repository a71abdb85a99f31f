import { resolve } from 'node:path'
import type { evaluation as contract } from '../../../shared/contract/evaluation.ts'
import type { Handlers } from '../../../shared/contract/operation.ts'
import { AppError } from '../../../shared/errors.ts'
import { createConfig } from '../experiments/configs.ts'
import type { SupervisedProcesses } from '../training/processes/supervisedProcesses.ts'
import { planEvaluations } from './plan.ts'

/** What evaluations need from the rest of the studio. */
export type EvaluationContext = {
  workspaceRoots: () => readonly string[]
  start: SupervisedProcesses['start']
}

/** Answers the `evaluation.*` operations. */
export function evaluationHandlers({ workspaceRoots, start }: EvaluationContext): Handlers<typeof contract> {
  const rootOf = (workspace: string): string => {
    const root = resolve(workspace)
    if (!workspaceRoots().includes(root))
      throw new AppError('permission', `${root} is no workspace that was opened.`, {
        hint: 'Open it as a workspace first.',
      })
    return root
  }
  return {
    'evaluation.plan': async (request) =>
      (await planEvaluations(rootOf(request.workspace), request)).map(({ configEdits: _, ...plan }) => plan),
    'evaluation.start': async ({ python, ...request }) => {
      const root = rootOf(request.workspace)
      const plans = await planEvaluations(root, request)
      // Nothing is started when something of it cannot be.
      const refused = plans.find(({ problem }) => problem !== null)
      if (refused) throw new AppError('usage', refused.problem ?? '', { hint: 'Take it out of the choice.' })
      const configs: string[] = []
      const processes = []
      for (const { base, config, configState, configEdits, argv, env } of plans) {
        if (configState === 'new' && base !== null) {
          await createConfig(root, base, config, configEdits)
          configs.push(config)
        }
        processes.push(
          await start({
            workspace: root,
            cwd: root,
            argv,
            env,
            title: config.replace(/^.*\/|\.ya?ml$/g, ''),
            ...(python === undefined ? {} : { python }),
          }),
        )
      }
      return { configs, processes }
    },
  }
}
