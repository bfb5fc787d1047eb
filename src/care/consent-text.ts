// The texts of the consent form by version: what is agreed to, by whom data are seen, and what the signer is told.
import type { Day } from '../kernel/contract.ts';

/** One thing that the signer ticks. Without a `needed` one no service is possible; the others are free. */
export interface ConsentItem {
  readonly id: string;
  readonly text: string;
  readonly needed: boolean;
}

export interface ConsentText {
  readonly version: string;
  /** The first day on which it is the one to sign. */
  readonly inForceOn: Day;
  readonly title: string;
  readonly paragraphs: readonly { readonly heading: string; readonly text: string }[];
  /** What is known of the person, as the text names it (art. 17). */
  readonly dataKinds: readonly string[];
  readonly purposes: readonly ConsentItem[];
  /** One tick per recipient (Personal Information Protection Law, art. 23). */
  readonly recipients: readonly ConsentItem[];
}

/** A signed consent names its version, so a version is never changed: a new wording is a new one. The newest comes first. */
export const consentTexts: readonly ConsentText[] = [
  {
    version: '2026-2',
    inForceOn: '2026-12-01',
    title: '社区康复服务知情同意书',
    dataKinds: ['姓名、证件号码和联系方式', '病情和诊断', '评估结果', '服药情况', '风险情况', '康复服务记录'],
    paragraphs: [
      {
        heading: '服务是什么',
        text: '社区康复在家门口帮助您安排服药、料理生活、与人相处和准备工作。工作人员先做评估，再和您一起定计划、参加训练，并定期回看效果。服务不代替医院的治疗。',
      },
      {
        heading: '自愿与退出',
        text: '参加与否由您和监护人自己决定。签字以后随时可以撤回，撤回不需要理由，也不影响您看病、领取补助和以后重新申请。从撤回当天起，或者同意书到期以后，服务机构立即不能再查看您的档案；卫生健康、民政等部门依法履行职责仍可查看。撤回之前已经提供的服务依法有效，记录会依法保留。',
      },
      {
        heading: '可能的不便',
        text: '训练可能让人疲劳，谈到某些经历时可能不舒服。您可以随时要求停下。身体或情绪有变化时请马上告诉工作人员，必要时我们会联系您的监护人和医生。',
      },
      {
        heading: '敏感个人信息',
        text: '病情、评估结果、服药和风险情况属于敏感个人信息，泄露会损害您的名誉和正常生活。我们只为下面勾选的事项收集，只给勾选的单位看，加密保存，每次查看和导出都有记录。您可以要求查阅、复制、更正。',
      },
      {
        heading: '转到别的机构',
        text: '需要把信息交给没有勾选的单位，或者迁往外县（区）时，我们先告诉您接收单位的名称、联系方式、目的和内容，您单独同意以后才会提供。',
      },
      {
        heading: '紧急情况',
        text: '有人身危险时，为保护您和他人，工作人员会按法律规定联系监护人、医院或公安机关，并在事后告诉您。',
      },
    ],
    purposes: [
      { id: 'service', text: '接受社区康复的评估、计划和训练', needed: true },
      { id: 'record', text: '建立并使用我的康复档案', needed: true },
      { id: 'statistics', text: '去除姓名等身份信息后用于统计报告', needed: false },
      { id: 'photo', text: '活动中拍摄的照片用于存档，不对外公开', needed: false },
    ],
    recipients: [
      { id: 'provider', text: '为我服务的康复机构和站点', needed: true },
      { id: 'hospital', text: '为我诊治的医院和基层卫生机构', needed: false },
      { id: 'civilAffairs', text: '负责组织服务的民政部门', needed: false },
      { id: 'federation', text: '残疾人联合会', needed: false },
    ],
  },
  {
    version: '2024-1',
    inForceOn: '2024-01-01',
    title: '社区康复服务知情同意书',
    dataKinds: ['病情', '评估结果', '服药情况', '风险情况'],
    paragraphs: [
      {
        heading: '服务是什么',
        text: '社区康复在家门口帮助您安排服药、料理生活、与人相处和准备工作。工作人员先做评估，再和您一起定计划、参加训练，并定期回看效果。服务不代替医院的治疗。',
      },
      {
        heading: '自愿与退出',
        text: '参加与否由您和监护人自己决定。签字以后随时可以撤回，撤回不需要理由，也不影响您看病、领取补助和以后重新申请。撤回之前已经提供的服务记录会依法保留。',
      },
      {
        heading: '可能的不便',
        text: '训练可能让人疲劳，谈到某些经历时可能不舒服。您可以随时要求停下。身体或情绪有变化时请马上告诉工作人员，必要时我们会联系您的监护人和医生。',
      },
      {
        heading: '敏感个人信息',
        text: '病情、评估结果、服药和风险情况属于敏感个人信息，泄露会损害您的名誉和正常生活。我们只为下面勾选的事项收集，只给勾选的单位看，加密保存，每次查看和导出都有记录。您可以要求查阅、复制、更正。',
      },
      {
        heading: '紧急情况',
        text: '有人身危险时，为保护您和他人，工作人员会按法律规定联系监护人、医院或公安机关，并在事后告诉您。',
      },
    ],
    purposes: [
      { id: 'service', text: '接受社区康复的评估、计划和训练', needed: true },
      { id: 'record', text: '建立并使用我的康复档案', needed: true },
      { id: 'statistics', text: '去除姓名等身份信息后用于统计报告', needed: false },
      { id: 'photo', text: '活动中拍摄的照片用于存档，不对外公开', needed: false },
    ],
    recipients: [
      { id: 'provider', text: '为我服务的康复机构和站点', needed: false },
      { id: 'hospital', text: '为我诊治的医院和基层卫生机构', needed: false },
      { id: 'civilAffairs', text: '负责组织服务的民政部门', needed: false },
      { id: 'federation', text: '残疾人联合会', needed: false },
    ],
  },
];

export const findConsentText = (version: string): ConsentText | undefined =>
  consentTexts.find((text) => text.version === version);

/** The version to sign on a day. */
export const consentTextOn = (day: Day): ConsentText => {
  const found = consentTexts.find((text) => text.inForceOn <= day) ?? consentTexts.at(-1);
  if (!found) throw new Error('no consent text');
  return found;
};
