/**
 * The pages. To add one: a folder in `features` with its page and its `words.ts` (which has a `title`), the words in
 * `i18n/resources.ts`, and an entry here. Entries with an icon stand in the rail, in this order.
 */
import {
  Activity,
  BookOpen,
  ClipboardCheck,
  Columns2,
  Dumbbell,
  Film,
  FolderOpen,
  Gauge,
  Rows3,
  Wrench,
  type LucideIcon,
} from 'lucide-react'
import { lazy, type ComponentType } from 'react'
import type { Namespace } from '../i18n/resources.ts'
import { askFirst } from './compare/openQuestion.ts'

export type FeatureName = Exclude<Namespace, 'app' | 'metrics'>

export type FeatureRoute = {
  feature: FeatureName
  /** Pattern of the address, such as `/runs/:id`. */
  path: string
  Page: ComponentType
  /** Loads the code of the page. */
  load(): Promise<ComponentType>
  /** Asks what the page will ask first. */
  askFirst?(query: URLSearchParams): void
  icon?: LucideIcon
  /** Stands at the lower end of the rail. */
  isLast?: boolean
}

/** A page whose code is loaded when it is opened first, or before. */
const page = (load: () => Promise<ComponentType>) => ({
  Page: lazy(async () => ({ default: await load() })),
  load,
})

/**
 * Loads the code of every page, so that each opens at once, also while the line to the engine is cut. One after another
 * in moments when the page has nothing else to do: together they would stop what a person is dragging.
 */
export async function preloadPages(): Promise<void> {
  for (const { load } of routes) {
    await idleMoment()
    // What does not come now is asked for again when its page is opened.
    await load().catch(() => undefined)
  }
}

/** Longer than this no page waits, however busy this one is. */
const longestWaitMs = 2000

const idleMoment = () =>
  new Promise<void>((resolve) => {
    // Safari has learnt it late.
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: longestWaitMs })
    else setTimeout(resolve, 100)
  })

export const routes: readonly FeatureRoute[] = [
  {
    feature: 'workspace',
    path: '/',
    icon: FolderOpen,
    ...page(async () => (await import('./workspace/WorkspacePage.tsx')).WorkspacePage),
  },
  {
    feature: 'experiments',
    path: '/experiments',
    icon: BookOpen,
    ...page(async () => (await import('./experiments/ExperimentsPage.tsx')).ExperimentsPage),
  },
  {
    feature: 'experiments',
    path: '/experiments/:id',
    ...page(async () => (await import('./experiments/ExperimentsPage.tsx')).ExperimentsPage),
  },
  {
    feature: 'train',
    path: '/train',
    icon: Dumbbell,
    ...page(async () => (await import('./train/LaunchPage.tsx')).LaunchPage),
  },
  {
    feature: 'train',
    path: '/train/processes',
    ...page(async () => (await import('./train/ProcessesPage.tsx')).ProcessesPage),
  },
  {
    feature: 'train',
    path: '/train/processes/:id',
    ...page(async () => (await import('./train/ProcessesPage.tsx')).ProcessesPage),
  },
  {
    feature: 'train',
    path: '/train/slurm',
    ...page(async () => (await import('./train/SlurmPage.tsx')).SlurmPage),
  },
  {
    feature: 'train',
    path: '/train/slurm/:id',
    ...page(async () => (await import('./train/SlurmPage.tsx')).SlurmPage),
  },
  {
    feature: 'train',
    path: '/train/curves',
    ...page(async () => (await import('./train/CurvesPage.tsx')).CurvesPage),
  },
  {
    feature: 'evaluate',
    path: '/evaluate',
    icon: ClipboardCheck,
    ...page(async () => (await import('./evaluate/EvaluatePage.tsx')).EvaluatePage),
  },
  {
    feature: 'evaluate',
    path: '/evaluate/command',
    ...page(async () => (await import('./evaluate/EvaluateCommandPage.tsx')).EvaluateCommandPage),
  },
  {
    feature: 'benchmark',
    path: '/benchmark',
    icon: Gauge,
    ...page(async () => (await import('./benchmark/BenchmarkPage.tsx')).BenchmarkPage),
  },
  {
    feature: 'runs',
    path: '/runs',
    icon: Rows3,
    ...page(async () => (await import('./runs/RunsPage.tsx')).RunsPage),
  },
  {
    feature: 'runs',
    path: '/runs/:id',
    ...page(async () => (await import('./runs/RunPage.tsx')).RunPage),
  },
  {
    feature: 'compare',
    path: '/compare',
    icon: Columns2,
    ...page(async () => (await import('./compare/ComparePage.tsx')).ComparePage),
    askFirst,
  },
  {
    feature: 'compare',
    path: '/compare/vote',
    ...page(async () => (await import('./compare/vote/VotePage.tsx')).VotePage),
  },
  {
    feature: 'videos',
    path: '/videos',
    icon: Film,
    ...page(async () => (await import('./videos/VideosPage.tsx')).VideosPage),
  },
  {
    feature: 'jobs',
    path: '/jobs',
    icon: Activity,
    ...page(async () => (await import('./jobs/JobsPage.tsx')).JobsPage),
  },
  {
    feature: 'jobs',
    path: '/jobs/:id',
    ...page(async () => (await import('./jobs/JobsPage.tsx')).JobsPage),
  },
  {
    feature: 'system',
    path: '/system',
    icon: Wrench,
    isLast: true,
    ...page(async () => (await import('./system/SystemPage.tsx')).SystemPage),
  },
]

/**
 * Begins with the page of an address while the window around it is still being drawn: its code first, for the engine
 * that sends it may be busy with the question that follows.
 */
export async function beginPage(path: string, query: URLSearchParams): Promise<void> {
  const route = routes.find((one) => one.path === path)
  // What does not come now is asked for again when the page is drawn.
  await route?.load().catch(() => undefined)
  route?.askFirst?.(query)
}

/** The keys of the rail's entries: Alt and their place. */
export const railKeys = (index: number): string | undefined => (index < 9 ? `alt+${index + 1}` : undefined)
