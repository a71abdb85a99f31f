/** What is the matter with a line of the lab book, in the language of the page; English is what the engine says. */
import type { LabProblem, ProblemCode } from '../../../../../shared/domain/labBook.ts'

const chinese: Record<ProblemCode, string> = {
  unbalanced: '引号或反引号没有配对，因此无法确定这条命令。',
  expansion: '其中有要由 shell 填入的内容（变量、命令输出、文件模式或主目录），这里不知道它的值。',
  compound: '这是 shell 脚本（循环、条件、函数或子 shell），不是单条命令。',
  'here-document': 'here-document 是脚本，不是单条命令。',
  syntax: 'shell 会认为这一行有语法错误。',
  unfinished: '行尾的运算符后面还应有另一条命令。',
  'open-fence': '这个代码块没有结束；已当作在下一个标题之前结束。',
  'open-span': '这条命令的反引号没有配对。',
  'command-in-text': '这段文字提到了命令，但本身不是命令。若要启动它，请放进反引号。',
  'unknown-script': '工作室不认识这个脚本，因此作为文字保留。',
  'command-inside': '其中的命令由另一个程序启动，因此作为文字保留。若要启动它，请单独放进反引号。',
  'commented-command': '这条命令被注释掉了，因此作为笔记保留。',
  'other-language': '这段代码不是给 POSIX shell 的，因此作为文字保留。',
  'shell-only': '重定向、管道或后台运行属于 shell，不是程序的参数，因此表单中不包含它们。',
  'curly-quotes': '弯引号对 shell 来说只是普通字符，会成为参数的一部分。',
  'odd-blank': '全角空格或不换行空格对 shell 来说是普通字符，不能分隔单词。',
  'odd-dash': '长破折号对 shell 来说是普通字符，不能作为选项的开头。',
  backslash: 'shell 会去掉引号外的反斜杠；Windows 路径请放进引号。',
  'blank-behind-backslash': '行尾反斜杠后面有空格，shell 不会接上下一行；这里按接上来读取。',
  'stray-arguments': '这看起来是上面命令的参数，但上一行末尾没有反斜杠，shell 不会接上它。',
  encoding: '文件不是 UTF-8 编码。可以读取，但工作室不会写入它。',
}

/** @param language as i18next names it, such as `zh-CN`. */
export const problemText = ({ code, message }: LabProblem, language: string): string =>
  language.startsWith('zh') ? chinese[code] : message
