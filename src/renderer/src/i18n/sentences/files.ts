/** Pictures, videos, folders and workspaces that are not as they should be. */
import type { SentencePair } from './translator.ts'

export const files: readonly SentencePair[] = [
  // src/main/core/media, src/main/core/workspaces
  ['A media path must be absolute.', '媒体路径必须是绝对路径。'],
  ['{path} is no picture or video.', '{path} 不是图片或视频。'],
  ['{path} is no video.', '{path} 不是视频。'],
  ['{path} is no file.', '{path} 不是文件。'],
  ['{path} is not a file.', '{path} 不是文件。'],
  ['Videos are {types} files.', '视频是 {types} 文件。'],
  ['{path} lies outside the open workspaces.', '{path} 不在已打开的工作区内。'],
  ['Open the folder as a workspace first.', '请先将该文件夹作为工作区打开。'],
  ['{root} is no workspace that was opened.', '{root} 不是已打开过的工作区。'],
  ['{workspace} is not open as a workspace.', '{workspace} 未作为工作区打开。'],
  ['Open it as a workspace first.', '请先将其作为工作区打开。'],
  ['{root} is a file.', '{root} 是文件。'],
  ['Choose the folder of the repository.', '请选择仓库的文件夹。'],
  ['Ground truth', '真值'],
  ['Evaluation runs', '评测运行'],
  ['Lab book', '实验记录'],
  [
    'Put frames into {folder}/<map>/imgs, or name both folders on the Benchmark page.',
    '请将帧放入 {folder}/<map>/imgs，或在评测页指定两个文件夹。',
  ],
  [
    'Write predictions to outputs_eval/<experiment>/test_<time>/gen_imgs/<map>.',
    '请将预测写入 outputs_eval/<experiment>/test_<time>/gen_imgs/<map>。',
  ],
  ['Keep a record.md in the folder to see experiments here.', '在文件夹中保留 record.md，即可在此看到实验。'],
  ['Give the path of a picture.', '请给出图片的路径。'],

  // src/main/core/images
  ['{path} cannot be decoded: {reason}.', '无法解码 {path}：{reason}。'],
  [
    'Open the file in a picture viewer; write or copy it again if it is damaged.',
    '请用看图程序打开该文件；若已损坏，请重新生成或复制。',
  ],
  ['the file is empty', '文件为空'],
  ['the file is larger than 2 GiB', '文件大于 2 GiB'],
  ['it is none of JPEG, PNG, WebP and BMP', '它不是 JPEG、PNG、WebP 或 BMP'],
  ['the JPEG ends within its header', 'JPEG 在文件头处就结束了'],
  ['the JPEG holds no picture', 'JPEG 中没有图像'],
  ['the JPEG has picture data but no header that gives its size', 'JPEG 有图像数据，但缺少给出尺寸的文件头'],
  ['a JPEG with {bits} bits per sample is not supported', '不支持每样本 {bits} 位的 JPEG'],
  ['a JPEG with {components} components is not supported', '不支持 {components} 个分量的 JPEG'],
  ['the JPEG header gives a size of zero', 'JPEG 文件头给出的尺寸为零'],
  ['the data of the JPEG is damaged', 'JPEG 数据已损坏'],
  ['the JPEG contradicts itself about its size', 'JPEG 的尺寸信息自相矛盾'],
  ['the PNG header is missing or cut off', 'PNG 文件头缺失或不完整'],
  ['the PNG header names a pixel layout that does not exist', 'PNG 文件头给出了不存在的像素格式'],
  ['the PNG is cut off: its data ends before the last row', 'PNG 不完整：数据在最后一行之前结束'],
  ['the data of the PNG is damaged', 'PNG 数据已损坏'],
  ['the WebP holds no picture', 'WebP 中没有图像'],
  ['the data of the WebP is damaged or cut off', 'WebP 数据已损坏或不完整'],
  ['the WebP is cut off: the file ends before the picture does', 'WebP 不完整：文件在图像结束之前就结束了'],
  ['the WebP contradicts itself about its size or frames', 'WebP 的尺寸或帧信息自相矛盾'],
  ['the BMP ends within its header', 'BMP 在文件头处就结束了'],
  ['the BMP header gives a size of zero', 'BMP 文件头给出的尺寸为零'],
  ['the BMP is cut off: its data ends before the last row', 'BMP 不完整：数据在最后一行之前结束'],
  ['a BMP with {bits} bits per pixel is not known', '未知的 BMP：每像素 {bits} 位'],

  // src/main/core/videoFrames
  ['{path} has {count} frames.', '{path} 共有 {count} 帧。'],
  ['{path} holds no video that can be decoded.', '{path} 中没有可解码的视频。'],
  ['Check that the file is complete and that it is a video.', '请确认文件完整，并且确实是视频。'],
  ['{path}: frame {frame} could not be decoded.', '{path}：第 {frame} 帧无法解码。'],
  ['The file may have been changed or cut off since it was opened.', '文件在打开之后可能被更改或截断。'],

  // src/main/core/sample
  ['{root} already has files in it.', '{root} 中已有文件。'],
  [
    'Choose a new folder for the sample workspace, or empty this one.',
    '请为示例工作区选择新文件夹，或清空此文件夹。',
  ],
  [
    'The sample workspace was cancelled; what was written is removed.',
    '示例工作区已取消；已写入的内容已删除。',
  ],
]
