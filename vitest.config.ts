import { defineConfig } from 'vitest/config'

// Files run one after another on small machines: most of them start real workers that use every core.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/setup.ts'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // Waiting for a state costs nothing when it comes soon; on a busy machine it comes late.
    expect: { poll: { timeout: 60_000 } },
    maxWorkers: 2,
    pool: 'forks',
  },
})
