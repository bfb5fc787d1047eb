// The policy page's words for the command line, which speaks Chinese without the screen's frame.
import texts from '../web/locale/zh-CN/policy.json' with { type: 'json' };

export const evidenceWords = texts.evidence;
