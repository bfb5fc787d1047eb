// The senders of census lists and the closed list of fields that a column can be taken for.
import { z } from 'zod';

/** Who sent the list: the federation (残联), health (卫健), civil affairs (民政). */
export const CensusSender = z.enum(['federation', 'health', 'civil']);
export type CensusSender = z.infer<typeof CensusSender>;

export const CensusField = z.enum([
  'name',
  'idNumber',
  'sex',
  'birthDate',
  'certificateNumber',
  'certificateCategory',
  'certificateGrade',
  'phone',
  'address',
  'countyName',
  'townName',
  'villageName',
  'diagnosis',
  'diagnosedOn',
  'hospital',
  'livesAt',
  'riskLevel',
  'riskOn',
  'stability',
  'guardianName',
  'guardianRelation',
  'guardianPhone',
  'medication',
  'aid',
  'listDate',
  'remark',
]);
export type CensusField = z.infer<typeof CensusField>;

export const censusFieldNames: Readonly<Record<CensusField, string>> = {
  name: '姓名',
  idNumber: '身份证号',
  sex: '性别',
  birthDate: '出生日期',
  certificateNumber: '残疾人证号',
  certificateCategory: '残疾类别',
  certificateGrade: '残疾等级',
  phone: '联系电话',
  address: '住址',
  countyName: '县（区）',
  townName: '乡镇（街道）',
  villageName: '村（社区）',
  diagnosis: '诊断',
  diagnosedOn: '确诊日期',
  hospital: '医院',
  livesAt: '居住状况',
  riskLevel: '危险性等级',
  riskOn: '评估日期',
  stability: '病情稳定程度',
  guardianName: '监护人姓名',
  guardianRelation: '与本人关系',
  guardianPhone: '监护人电话',
  medication: '服药情况',
  aid: '救助情况',
  listDate: '统计日期',
  remark: '备注',
};
