/** A benchmark run whose scores are made up, for measuring what shows scores: computing 100,000 takes an hour. */
import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { benchmarkRepository } from '../src/main/core/benchmark/benchmark.repository.ts'
import { openDatabase } from '../src/main/core/store/database.ts'
import { recipe } from '../src/shared/contract/runs.ts'
import { protocols } from '../src/shared/domain/protocol.ts'

/** Stores a finished run over all files of both folders and gives its id. Every 997th frame has no prediction's score. */
export async function addScoredRun(
  home: string,
  run: { referenceDir: string; predictionDir: string; map: string },
): Promise<string> {
  const db = openDatabase(join(home, 'parallax.db'))
  try {
    const repository = benchmarkRepository(db)
    const id = randomUUID()
    const names = await readdir(run.predictionDir)
    const [protocol] = protocols
    repository.add({
      id,
      evaluationRunId: null,
      recipeHash: id,
      label: run.map,
      ...run,
      recipe: recipe.parse({
        protocol,
        batchSize: protocol.defaultBatchSize,
        metrics: ['PSNR', 'SSIM', 'MS_SSIM', 'LPIPS'],
      }),
      owner: 'bench',
      coverage: {
        Coverage_GT: 1,
        Coverage_Pred: 1,
        Common_Count: names.length,
        GT_Count: names.length,
        Pred_Count: names.length,
      },
    })
    repository.writeFrames(
      id,
      names.map((name, index) => {
        const wave = 0.5 + 0.4 * Math.sin(index / 300) + 0.1 * Math.sin(index * 1.7)
        const scores = { mse: 0.01 + 0.02 * wave, ssim: 1 - wave / 2, ms_ssim: 1 - wave / 3, lpips: wave / 2 }
        return {
          index,
          name,
          referenceStamp: '',
          predictionStamp: '',
          ...(index % 997 === 996
            ? { status: 'failed' as const, error: 'made up', quantities: {} }
            : { status: 'ok' as const, quantities: scores }),
        }
      }),
    )
    repository.finish(id, 'done')
    return id
  } finally {
    db.close()
  }
}
