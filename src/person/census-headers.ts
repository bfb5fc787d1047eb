// The usual names of columns in the lists that federations, health offices and civil affairs send, per field.
import type { CensusField, CensusSender } from './census-fields.ts';

/** Names compared: full-width made half-width, no spaces, marks of duty, brackets or punctuation. Bracketed hints are dropped. */
export const normaliseHeader = (header: string): string => {
  const flat = header.normalize('NFKC').replace(/[\s*★※"'“”‘’`]/g, '');
  const plain = flat.replace(/[((][^()()]*[))]?/g, '');
  return (plain === '' ? flat : plain).replace(/[:,.、。;/\\|_\-—–()<>[\]【】《》?!·]/g, '').toLowerCase();
};

const words = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(' '));

interface Names {
  /** Whole names, score 0.95. */
  readonly exact: readonly string[];
  /** Matches anywhere, score 0.7. */
  readonly like?: RegExp;
  /** A header that matches is never this field. */
  readonly never?: RegExp;
}

// Columns about somebody else than the person of the row.
const others = /监护|家属|联系人|户主|申请人|代办|经办|填表|填报|医生|医师|干部|网格|民警|负责|村医|责任/;

const names: Readonly<Record<CensusField, Names>> = {
  name: {
    exact: words('姓名 患者姓名 残疾人姓名 对象姓名 本人姓名 病人姓名 人员姓名 救助对象姓名 服务对象 名字', 'name'),
    like: /姓名$/,
    never: others,
  },
  idNumber: {
    exact: words(
      '身份证号 身份证号码 身份证 公民身份号码 公民身份证号码 居民身份证号码 证件号码 证件号',
      '患者身份证号 身份号码 身份证件号码 idcard',
    ),
    like: /身份证(?:件)?号|身份号码|证件号|身份证/,
    never: new RegExp(`${others.source}|残疾|类型|地址|住址|有效期`),
  },
  sex: { exact: words('性别 患者性别 sex'), like: /^性别|性别$/, never: others },
  birthDate: {
    exact: words('出生日期 出生年月 出生年月日 生日 出生时间 患者出生日期'),
    like: /出生(?:日期|年月|时间)/,
    never: others,
  },
  certificateNumber: {
    exact: words('残疾证号 残疾人证号 残疾证号码 残疾人证号码 残疾人证编号 残疾证编号 残疾证 残疾人证', '残疾鉴定证号'),
    like: /残疾(?:人)?证(?:号|编号|件号)/,
    never: /是否|有无|日期|等级|类别|类型|监护|办理|领取/,
  },
  certificateCategory: {
    exact: words('残疾类别 残疾类型 残疾种类 残别 类别'),
    like: /残疾(?:证|人证)?(?:类别|类型|种类)/,
    never: /等级|级别/,
  },
  certificateGrade: {
    exact: words('残疾等级 残疾级别 残疾程度 残级 残疾证等级 等级 级别'),
    like: /残疾(?:证|人证)?(?:等级|级别|程度)/,
    never: /危险|风险|类别|类型/,
  },
  phone: {
    exact: words(
      '联系电话 电话 手机 手机号 手机号码 电话号码 联系方式 本人电话 本人联系电话 患者电话',
      '固定电话 移动电话',
    ),
    like: /电话|手机|联系方式/,
    never: others,
  },
  address: {
    exact: words(
      '住址 地址 家庭住址 家庭地址 现住址 现住地址 居住地址 居住地 户籍地址 户籍住址 详细地址',
      '户口所在地 户籍地 常住地址 户籍所在地 通讯地址 联系地址 现居住地',
    ),
    like: /(?:住|地)址|户籍(?:所在)?地|居住地/,
    never: new RegExp(`${others.source}|医院|单位|代码|编码`),
  },
  countyName: {
    exact: words('县区 区县 县 区 县市区 市县区 所属县区 所在县区 县名 区县名称 所属区县 所在县'),
    never: /小区|社区/,
  },
  townName: {
    exact: words(
      '乡镇 镇乡 街道 乡镇街道 镇街 街镇 镇 乡 所属乡镇 所在乡镇 户籍乡镇 街道乡镇 乡镇名称',
      '管理乡镇 乡镇办事处 所属街道 乡镇街道办 镇街道 镇乡街道',
    ),
    like: /乡镇|镇街|街镇|街道/,
    never: /机构|卫生院|代码|编码|负责|干部|联系|意见/,
  },
  villageName: {
    exact: words(
      '村 社区 村社区 村居 行政村 村委会 居委会 所属村 所在村 村居委会 村名 社区村 所属社区',
      '村民委员会 户籍村社区',
    ),
    like: /村.*社区|村\(?居|居委会|村委会|行政村/,
    never: /医|联系|干部|电话|卫生|代码|意见|负责|康复/,
  },
  diagnosis: {
    exact: words(
      '诊断 目前诊断 疾病诊断 疾病名称 病种 诊断名称 疾病 患病类型 疾病类型 诊断结果 病名',
      '诊断编码 疾病类别 所患疾病 精神疾病类型 icd10 icd编码 主要诊断',
    ),
    like: /诊断|病种|疾病|icd/,
    never: /日期|时间|医院|机构|医生|医师|次数|传染|躯体|严重程度|精神残疾/,
  },
  diagnosedOn: {
    exact: words('确诊日期 诊断日期 确诊时间 诊断时间 首次诊断日期 目前诊断日期'),
    like: /(?:确诊|诊断)(?:日期|时间)/,
  },
  hospital: {
    exact: words(
      '确诊医院 诊断医院 医院 就诊医院 住院医院 收治医院 诊断机构 就诊机构 确诊机构 治疗医院',
      '所在医院 收治机构',
    ),
    like: /(?:确诊|诊断|就诊|住院|收治|治疗)(?:医院|机构)/,
    never: /日期|时间/,
  },
  livesAt: {
    exact: words(
      '居住状况 居住情况 目前状态 目前去向 在院居家 是否住院 住院情况 当前住院情况 居家住院',
      '目前居住情况 现居状态 居住方式 目前所在 管理状态 在管状态 居家或住院 是否在院 居住地类型',
    ),
    like: /(?:居家|在家).*(?:住院|在院)|(?:住院|在院).*(?:居家|在家)|是否(?:住院|在院)|住院(?:情况|状态)/,
    never: /日期|时间|次数|费用/,
  },
  riskLevel: {
    exact: words(
      '危险性 危险性评估 危险等级 危险性等级 危险性评估等级 风险等级 危险级别 风险评估等级',
      '危险性分级 危险评估 肇事肇祸等级',
    ),
    like: /(?:危险|风险).*(?:等级|级别|分级|评估|程度)/,
    never: /日期|时间|医生|人$/,
  },
  riskOn: {
    exact: words(
      '评估日期 评估时间 危险性评估日期 最近评估日期 随访日期 最近随访日期 末次随访日期',
      '最近一次随访日期 随访时间 最近一次随访时间',
    ),
    like: /(?:评估|随访)(?:日期|时间)/,
    never: /下次|下一次/,
  },
  stability: {
    exact: words(
      '病情稳定程度 稳定程度 病情 病情分类 随访分类 病情状况 病情稳定情况 分类干预 本次随访分类',
      '稳定情况 病情是否稳定 目前病情 管理分类',
    ),
    like: /稳定|随访分类|病情分类/,
    never: /日期|时间/,
  },
  guardianName: {
    exact: words(
      '监护人 监护人姓名 法定监护人 监护人名字 家属姓名 联系人 联系人姓名 家属 第一监护人',
      '法定监护人姓名',
    ),
    like: /监护人(?:姓名|名)|家属姓名|联系人姓名/,
    never: /电话|手机|关系|住址|地址|身份证|方式|补助|奖|证号/,
  },
  guardianRelation: {
    exact: words(
      '与患者关系 与本人关系 关系 监护关系 与残疾人关系 监护人关系 与监护人关系 监护人与患者关系',
      '监护人与本人关系 与对象关系 监护人与残疾人关系',
    ),
    like: /关系/,
    never: /户主|劳动|医患/,
  },
  guardianPhone: {
    exact: words(
      '监护人电话 监护人联系电话 监护人手机 监护人联系方式 家属电话 家属联系电话 联系人电话',
      '监护人手机号 监护人电话号码 联系人联系电话 联系人联系方式',
    ),
    like: /(?:监护人|家属|联系人).*(?:电话|手机|联系方式)/,
  },
  medication: {
    exact: words(
      '服药情况 用药情况 服药依从性 用药依从性 药物 目前用药 服药 是否服药 治疗情况 用药',
      '规律服药 服用药物 是否规律服药',
    ),
    like: /服药|用药|药物名称/,
    never: /免费|补助|日期|时间|不良反应/,
  },
  aid: {
    exact: words(
      '低保 是否低保 救助情况 低保情况 救助类型 救助类别 是否低保户 困难类型 享受政策 社会救助',
      '保障类型 特困 低保特困 享受待遇 人员类别 对象类别 经济状况 享受救助情况 救助 补贴情况',
      '两项补贴',
    ),
    like: /低保|救助|特困|补贴|困难/,
    never: /日期|时间|金额|账号|姓名|编号|证号/,
  },
  listDate: {
    exact: words(
      '统计日期 填报日期 填表日期 数据日期 更新日期 截止日期 上报日期 名单日期 登记日期 建档日期',
      '统计时间 填报时间 更新时间',
    ),
    like: /(?:统计|填报|填表|数据|更新|上报|登记)(?:日期|时间)/,
  },
  remark: { exact: words('备注 说明 其他 备注说明 情况说明 remark'), like: /备注/ },
};

// The bare names mean different things in different lists.
const senderBonus: Readonly<Record<CensusSender, Partial<Record<CensusField, number>>>> = {
  federation: { certificateCategory: 0.04, certificateGrade: 0.04, certificateNumber: 0.04, aid: -0.02 },
  health: { diagnosis: 0.04, stability: 0.04, riskLevel: 0.04, certificateCategory: -0.3, certificateGrade: -0.3 },
  civil: { aid: 0.04, certificateGrade: -0.1 },
};

/** 0..1: how well a header names a field in a list of this sender. */
export const headerScore = (field: CensusField, header: string, sender: CensusSender): number => {
  const text = normaliseHeader(header);
  const { exact, like, never } = names[field];
  if (text === '' || never?.test(text)) return 0;
  const bonus = senderBonus[sender][field] ?? 0;
  if (exact.includes(text)) {
    // Only the two-character names ('等级', '类别') depend on who sends the list.
    return Math.min(0.99, 0.95 + (text.length <= 2 ? bonus : Math.max(0, bonus)));
  }
  return like?.test(text) ? 0.7 + Math.max(0, bonus) : 0;
};
