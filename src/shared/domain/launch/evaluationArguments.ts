/** The arguments of the evaluation, benchmark and video scripts. */
import { section, type ArgumentSpec, type ScriptCatalogue } from './argumentSpec.ts'

const config = section('Run', [
  ['csgo_config', 'path', undefined, 'YAML config of the evaluation; it names the checkpoint.'],
])
const seeded = [
  ...config,
  ...section('Run', [
    ['output_dir', 'path', 'None', 'Folder for the results; a new one under outputs_eval when missing.'],
    ['seed', 'int', '42', 'Random seed.'],
  ]),
]

const device: ArgumentSpec = {
  flag: '--device',
  type: 'choice',
  choices: ['cuda', 'cpu'],
  default: 'cuda if there is one',
  section: 'Run',
  help: 'Where the networks run.',
}

const folders = section('Pictures', [
  ['gt', 'path', undefined, 'Folder of ground-truth frames.'],
  ['pred', 'path', undefined, 'Folder of generated frames.'],
])
const foldersOrDirs: ArgumentSpec[] = folders.map((spec) => ({ ...spec, aliases: [`${spec.flag}_dir`] }))

const benchmarkV0: ArgumentSpec[] = [
  ...folders,
  ...section('Metrics', [
    ['fid', 'switch', 'False', 'Fréchet distance of Inception features.'],
    ['lpips', 'switch', 'False', 'Perceptual distance.'],
    ['psnr_ssim', 'switch', 'False', 'PSNR and SSIM.'],
    ['clip', 'switch', 'False', 'CLIP similarity.'],
    ['aesthetic', 'switch', 'False', 'Aesthetic score.'],
    ['all', 'switch', 'False', 'All of them.'],
  ]),
  ...section('Run', [['batch_size', 'int', '32', 'Pictures per batch.']]),
  device,
]

const benchmarkV1 = (batchSize: string): ArgumentSpec[] => [
  ...section('Run', [['batch_size', 'int', batchSize, 'Pictures per batch.']]),
  device,
  ...section('Paired metrics', [
    ['paired_size', 'int', '448', 'Side of the square that pairs are compared at, in pixels.'],
    ['edge_quantile', 'float', '0.85', 'Share of pixels below the edge threshold (Boundary_F1).'],
    ['edge_tolerance', 'int', '2', 'How far an edge may be off, in pixels.'],
  ]),
  ...section('Poses and locator', [
    ['data_dir', 'path', 'data/preprocessed_data', 'Folder that holds a folder for each map.'],
    ['map_name', 'str', 'auto', 'Map; found from the folder names when auto.'],
    ['pose_json', 'path', 'auto', 'File with the true poses.'],
    ['external_loc_repo_root', 'path', 'csgosquare', 'Repository of the locator.'],
    ['external_loc_config_path', 'path', 'configs_reg_newdata/exp5_2.yaml', 'Config of the locator.'],
    [
      'external_loc_checkpoint_path',
      'path',
      'checkpoints_reg_newdata/exp5_2/20251227_091745/current_model.pth',
      'Weights of the locator.',
    ],
  ]),
]

const sequences = section('Sequences', [
  ['frame_diff_threshold', 'int', '2', 'Largest gap between two frames of one track.'],
  ['min_track_len', 'int', '4', 'Shorter tracks are left out.'],
  ['clip_length', 'int', '16', 'Frames per clip of the FVD.'],
  ['clip_stride', 'int', '16', 'Frames between two clip starts.'],
  ['fvd_size', 'int', '224', 'Side of the FVD clips, in pixels.'],
])

const framesToVideo = section('Video', [
  ['img_dir', 'path', undefined, 'Folder of generated frames.'],
  ['gt_dir', 'path', 'None', 'Folder of ground-truth frames; with it the video compares both.'],
  ['output_dir', 'path', 'comparison_videos', 'Folder for the videos.'],
  ['fps', 'int', '10', 'Frames per second.'],
  ['max_duration', 'float', '10', 'Longest video in seconds; longer tracks are cut.'],
  ['min_frames', 'int', '10', 'Shorter tracks are left out.'],
  ['draw_text', 'switch', 'True', 'Write names and numbers into the picture; always on.'],
])

/** The catalogues of all scripts but the training. */
export const evaluationCatalogues: readonly ScriptCatalogue[] = [
  { script: 'eval_csgo.py', title: 'Generate frames', args: config },
  { script: 'eval_csgo_loc.py', title: 'Locate', args: config },
  { script: 'eval_csgo_v1.py', title: 'Generate and benchmark', args: seeded },
  { script: 'eval_csgo_v1_conti.py', title: 'Generate and benchmark sequences', args: seeded },
  { script: 'benchmark_csgo.py', title: 'Benchmark', args: benchmarkV0 },
  { script: 'benchmark_csgo_v1.py', title: 'Benchmark V1', args: [...folders, ...benchmarkV1('8')] },
  {
    script: 'benchmark_csgo_v1_conti.py',
    title: 'Benchmark V1 of sequences',
    args: [...foldersOrDirs, ...benchmarkV1('1'), ...sequences],
  },
  { script: 'frames_to_video.py', title: 'Frames to video', args: framesToVideo },
]
