/**
 * Execution providers of ONNX Runtime on this machine: which work, and why the others do not. Nothing falls back in
 * silence: every refusal has a reason in plain words.
 */
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
import { AppError } from '../../../shared/errors.ts'
import { GraphBuilder } from './graphBuilder.ts'
import { conv } from './layers.ts'
import { devices, type Device, type Provider } from './spec.ts'

export type ProviderState = { provider: Provider; isUsable: boolean; reason: string }

const providers = devices.filter((device): device is Provider => device !== 'auto')

/** What `auto` tries, in order. CoreML may compute in half precision, so it is used only when asked for. */
const automatic: readonly Provider[] = ['cuda', 'dml', 'webgpu']

/** Every provider with whether it works here. Each one that may work is tried with a tiny network. */
export async function listProviders(): Promise<ProviderState[]> {
  const states: ProviderState[] = []
  for (const provider of providers) {
    const reason = provider === 'cpu' ? undefined : await whyUnusable(provider)
    states.push({ provider, isUsable: reason === undefined, reason: reason ?? 'works' })
  }
  return states
}

/**
 * The provider a device stands for on this machine.
 *
 * A provider asked for by name is never replaced: it is refused here or when its session is created. With `auto`,
 * `notes` says for every provider refused why it was.
 *
 * @throws AppError `unsupported` when the runtime lacks a provider asked for by name.
 */
export async function chooseProvider(device: Device): Promise<{ provider: Provider; notes: string[] }> {
  if (device !== 'auto') {
    const reason = whyNotInstalled(device)
    if (reason !== undefined) throw providerError(device, reason)
    return { provider: device, notes: [] }
  }
  automaticChoice ??= chooseAutomatically()
  return automaticChoice
}

let automaticChoice: Promise<{ provider: Provider; notes: string[] }> | undefined

async function chooseAutomatically(): Promise<{ provider: Provider; notes: string[] }> {
  const notes: string[] = []
  for (const provider of automatic.filter(isInBuild)) {
    const reason = await whyUnusable(provider)
    if (reason === undefined) return { provider, notes }
    notes.push(`${provider} was not used: ${reason}`)
  }
  return { provider: 'cpu', notes }
}

/** The error for a session that could not be created, with the runtime's reason in plain words. */
export function providerError(provider: Provider, caught: unknown): AppError {
  return new AppError(
    'unsupported',
    `The provider "${provider}" cannot be used on this machine: ${plainReason(caught)}.`,
    {
      hint: 'Use --device auto or --device cpu. "parallax doctor" lists the providers and what each one lacks.',
      cause: caught,
    },
  )
}

const isInBuild = (provider: Provider): boolean =>
  listSupportedBackends().some(({ name }) => name === provider)

async function whyUnusable(provider: Provider): Promise<string | undefined> {
  return whyAbsent(provider) ?? (await whyFailing(provider))
}

/** Reasons that can be told without loading a driver (which would print warnings of its own). */
function whyAbsent(provider: Provider): string | undefined {
  const reason = whyNotInstalled(provider)
  if (reason !== undefined || provider !== 'webgpu' || process.platform !== 'linux') return reason
  const drivers = vulkanDrivers()
  if (drivers.length === 0) return 'no Vulkan driver is installed'
  if (drivers.every(isSoftwareDriver))
    return `only a software Vulkan driver is installed (${drivers.join(', ')})`
  return undefined
}

/** Whether the runtime itself lacks the provider. */
function whyNotInstalled(provider: Provider): string | undefined {
  if (!isInBuild(provider))
    return `ONNX Runtime has no ${provider} provider on ${process.platform} ${process.arch}`
  const cudaLibrary = join(runtimeFolder(), 'libonnxruntime_providers_cuda.so')
  if (provider === 'cuda' && process.platform === 'linux' && !existsSync(cudaLibrary)) {
    return 'the CUDA part of onnxruntime-node is not installed (ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install)'
  }
  return undefined
}

/** The folder of the runtime's native libraries. */
function runtimeFolder(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node')
  return join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch)
}

/** File names of the Vulkan drivers the loader would find. */
function vulkanDrivers(): string[] {
  const named = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES']
  if (named !== undefined)
    return named
      .split(':')
      .filter(existsSync)
      .map((path) => basename(path))
  const folders = [
    '/usr/share',
    '/usr/local/share',
    '/etc',
    '/usr/local/etc',
    join(process.env['HOME'] ?? '/', '.local/share'),
  ]
  return folders
    .map((folder) => join(folder, 'vulkan', 'icd.d'))
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
}

/** Mesa's lavapipe and SwiftShader compute on the processor, far slower than the cpu provider. */
const isSoftwareDriver = (name: string): boolean => /^(lvp|vk_swiftshader)/.test(name)

/** Runs one small convolution and checks its sum; a driver can load and still not compute. */
async function whyFailing(provider: Provider): Promise<string | undefined> {
  const graph = new GraphBuilder('probe')
  const x = graph.input('x', 'float32', [1, 1, 4, 4])
  const weight = { shape: [1, 1, 3, 3], data: new Float32Array(9).fill(2) }
  graph.output('y', conv(graph, x, weight, Float32Array.of(1)), 'float32', [1, 1, 2, 2])
  try {
    const session = await InferenceSession.create(Buffer.concat(graph.build().pieces), {
      executionProviders: [provider],
      logSeverityLevel: 4,
    })
    const { y } = await session.run({ x: new Tensor('float32', new Float32Array(16).fill(1), [1, 1, 4, 4]) })
    await session.release()
    return Array.from(y.data as Float32Array).every((value) => value === 19)
      ? undefined
      : 'it computed a wrong result in a first test'
  } catch (caught) {
    return plainReason(caught)
  }
}

/** The runtime's message without source paths, function names and line breaks. */
function plainReason(caught: unknown): string {
  const message = caught instanceof Error ? caught.message : String(caught)
  return message
    .replace(/^.*was false\. /s, '')
    .replace(/^no available backend found\. ERR: /, '')
    .replace(/^OrtSessionOptionsAppendExecutionProvider_\w+: /, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '')
}
