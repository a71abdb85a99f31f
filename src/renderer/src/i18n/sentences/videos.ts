/** Making comparison videos. */
import type { SentencePair } from './translator.ts'

export const videos: readonly SentencePair[] = [
  ['Shorter than {count} frames.', '少于 {count} 帧。'],
  ['The rest of a longer track, shorter than {count} frames.', '较长轨迹的剩余部分，少于 {count} 帧。'],
  ['{folder} holds no pictures.', '{folder} 中没有图片。'],
  [
    'Give the folder that holds the frames themselves (.jpg, .png, .webp or .bmp).',
    '请给出直接存放帧的文件夹（.jpg、.png、.webp 或 .bmp）。',
  ],
  [
    'No frame of {prediction} has a counterpart in {reference}. Are these the right folders?',
    '{prediction} 中没有一帧在 {reference} 中有对应。文件夹是否正确？',
  ],
  [
    'There are no per-frame scores of {folder} yet, so none are shown. Run parallax benchmark on it first.',
    '{folder} 尚无逐帧分数，因此不显示。请先对其进行评测。',
  ],
  ['The benchmark of {folder} has no per-frame {metrics}.', '{folder} 的评测没有逐帧的 {metrics}。'],
  ['Map image not found: {path}. The path is drawn on a grid.', '未找到地图图片：{path}。路径将画在网格上。'],
  ['The layout {layout} needs ground truth to compare with.', '布局 {layout} 需要可比较的真值。'],
  [
    'The layout runs needs another run to put beside the first.',
    '“多次运行”布局需要另一次运行与第一次并排。',
  ],
  ['"{text}" is not a frame rate.', '“{text}”不是帧率。'],
  ['{file} may not be written.', '无法写入 {file}。'],
  ['{folder} is a file where a folder is needed.', '{folder} 是文件，这里需要文件夹。'],
  [
    'Check that the files are complete JPEG, PNG, WebP or BMP pictures.',
    '请确认文件是完整的 JPEG、PNG、WebP 或 BMP 图片。',
  ],
  ['{encoder} was asked for but does not work here: {rest}', '指定了 {encoder}，但在此无法使用：{rest}'],
  [
    'Leave the encoder out to encode on the CPU, or use --encoder auto.',
    '不指定编码器即用 CPU 编码，或选择自动。',
  ],

  // src/main/core/tracks, src/main/core/videos/resolveRequest.ts
  [
    'Left out of {folder}: {count} with names of another form, such as {name}.',
    '已略过 {folder} 中名称为其他形式的 {count}，例如 {name}。',
  ],
  [
    'Left out of {folder}: {count} picture with names of another form, such as {name}.',
    '已略过 {folder} 中 {count} 张名称为其他形式的图片，例如 {name}。',
  ],
  [
    'Left out of {folder}: {count} pictures with names of another form, such as {name}.',
    '已略过 {folder} 中 {count} 张名称为其他形式的图片，例如 {name}。',
  ],
  [
    'None of the {count} in {folder} has a name of the expected form; the first is {name}.',
    '{folder} 中的 {count} 都不是预期的名称形式；第一个是 {name}。',
  ],
  [
    'None of the {count} picture in {folder} has a name of the expected form; the first is {name}.',
    '{folder} 中的 {count} 张图片不是预期的名称形式：{name}。',
  ],
  [
    'None of the {count} pictures in {folder} has a name of the expected form; the first is {name}.',
    '{folder} 中的 {count} 张图片都不是预期的名称形式；第一张是 {name}。',
  ],
  [
    'Frames are expected as file_num<N>_frame_<M>. For numbered frames in one folder, add --pattern numbered.',
    '帧的名称应为 file_num<N>_frame_<M>。若一个文件夹中是编号的帧，请将命名方式选为“编号”。',
  ],
  [
    'Check --pattern; "numbered" takes the last number of each name.',
    '请检查命名方式；“编号”取每个名称中的最后一个数字。',
  ],
  [
    'Give one of its folders, such as {folder}, or --pattern numbered where each folder is one track.',
    '请给出其中一个文件夹，例如 {folder}；若每个文件夹是一条轨迹，请将命名方式选为“编号”。',
  ],
  ['The naming pattern "{pattern}" cannot be used: {reason}.', '无法使用命名方式“{pattern}”：{reason}。'],
  [
    'Examples: --pattern numbered, --pattern "frame_{frame}.png", --pattern "{recording}_{frame}".',
    '示例：numbered、frame_{frame}.png、{recording}_{frame}。',
  ],
  ['There is no track {track} in {folder}.', '{folder} 中没有轨迹 {track}。'],
  [
    'Tracks are counted from 0 in the order of recordings and frames. Leave --track_index out for all.',
    '轨迹按录像与帧的顺序从 0 计数。不指定则制作全部。',
  ],
  ['Examples: 10, 12.5, 30000/1001.', '示例：10、12.5、30000/1001。'],
  ['Use --fps {most} or less, or another --format.', '请使用不超过 {most} 的帧率，或换一种格式。'],
  ['Add --gt_dir, or use --layout single.', '请指定真值文件夹，或使用“单独”布局。'],
  ['Add --compare_dir.', '请再指定一次运行。'],
  [
    'Make the panels smaller with --panel_width, or put fewer runs side by side.',
    '请减小面板宽度，或减少并排的运行。',
  ],

  // src/main/core/videos, src/main/core/videoFrames: poses, pictures, the encoder and the output
  [
    'No poses were found for {map}: {files} holds none of {frames}.',
    '未找到 {map} 的位姿：{files} 不含 {frames} 中的任何一帧。',
  ],
  [
    'Give the split file with --pose_json, or the folder of the maps with --data_dir.',
    '请指定位姿 JSON，或地图所在的数据文件夹。',
  ],
  ['{file} does not hold a list of poses.', '{file} 中没有位姿列表。'],
  [
    'A split file is a JSON array of objects with x, y, angle_h and file_frame.',
    '划分文件是一个 JSON 数组，其中的对象含 x、y、angle_h 和 file_frame。',
  ],
  ['{file} is not valid JSON: {rest}', '{file} 不是有效的 JSON：{rest}'],
  ['None of its {count} can be read: {rest}', '其中 {count} 都无法读取：{rest}'],
  ['None of its {count} frame can be read: {rest}', '其中的 {count} 帧无法读取：{rest}'],
  ['None of its {count} frames can be read: {rest}', '其中的 {count} 帧都无法读取：{rest}'],
  ['{encoder} writes H.264 in MP4, not {format}.', '{encoder} 只能写入 MP4 中的 H.264，不能写 {format}。'],
  ['Use --format mp4, or leave the encoder out.', '请使用 mp4 格式，或不指定编码器。'],
  [
    'Use another --format, or set FFMPEG_PATH to a complete ffmpeg.',
    '请换一种格式，或将 FFMPEG_PATH 设为功能完整的 ffmpeg。',
  ],
  ['No frame was handed over for this video.', '没有为此视频交来任何帧。'],
  ['Frames are kept for a day after they were drawn.', '绘制的帧会保留一天。'],
  ['{file} could not be written: the disk is full.\n{rest}', '无法写入 {file}：磁盘已满。\n{rest}'],
  [
    'Free some space and run the same command again; finished clips are kept.',
    '请腾出空间后重新运行；已完成的片段会保留。',
  ],
  ['{file} may not be written.\n{rest}', '无法写入 {file}。\n{rest}'],
  ['Choose another --output_dir.', '请选择另一个输出文件夹。'],
  ['{file}: the frame is no longer in memory.', '{file}：该帧已不在内存中。'],
]
