/** Which tensors each model's checkpoint must hold, so that a file is known by its content and not by its name. */
import type { TensorSource } from '../checkpoints/tensorSource.ts'
import { expectedAesthetic } from '../networks/aestheticHead.ts'
import { clipShapes, expectedClip } from '../networks/clipVision.ts'
import { problemsOf, type ExpectedTensor } from '../networks/expectedTensors.ts'
import { expectedInception } from '../networks/inceptionLayers.ts'
import { expectedBackbone, expectedHead } from '../networks/lpipsBackbones.ts'
import type { ModelId } from './manifest.ts'

/** The tensors of a whole model. */
function expectedTensors(id: ModelId): readonly ExpectedTensor[] {
  switch (id) {
    case 'lpips-alex':
      return expectedHead('alex')
    case 'lpips-vgg':
      return expectedHead('vgg')
    case 'lpips-squeeze':
      return expectedHead('squeeze')
    case 'alexnet':
      return expectedBackbone('alex')
    case 'vgg16':
      return expectedBackbone('vgg')
    case 'squeezenet1_1':
      return expectedBackbone('squeeze')
    case 'inception-v3-fid':
      return expectedInception('logits_unbiased', false)
    case 'clip-vit-b32':
      return expectedClip(clipShapes.b32)
    case 'clip-vit-l14':
      return expectedClip(clipShapes.l14)
    case 'aesthetic-head':
      return expectedAesthetic
  }
}

/** What a checkpoint lacks to be this model; empty when it fits. A layer folder needs the layers up to Mixed_6e. */
export function layoutProblems(id: ModelId, source: TensorSource): string[] {
  const isLayerFolder = id === 'inception-v3-fid' && source.format === 'layer-folder'
  return problemsOf(source, isLayerFolder ? expectedInception('768', true) : expectedTensors(id))
}
