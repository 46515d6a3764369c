import { Big } from 'big.js'
import { expect, test } from 'vitest'
import { formatMoney } from '../src/format-money.ts'
import { formatPercent } from '../src/format-percent.ts'
import { formatTime } from '../src/format-time.ts'

test('money has its thousands apart and two places', () => {
  expect(formatMoney('1234567.895')).toBe('1,234,567.90')
  expect(formatMoney('-1234.5')).toBe('-1,234.50')
  expect(formatMoney('999')).toBe('999.00')
})

test('a gain has its sign where it is asked for and nothing is below zero by rounding', () => {
  expect(formatMoney('12', 'always')).toBe('+12.00')
  expect(formatMoney('-0.001', 'always')).toBe('0.00')
  expect(formatPercent(new Big('-0.00001'), 'always')).toBe('0.00 %')
  expect(formatPercent(new Big('0.12345'), 'always')).toBe('+12.35 %')
})

test('a time has no more than it needs, in UTC', () => {
  expect(formatTime(Date.parse('2020-04-17'))).toBe('2020-04-17')
  expect(formatTime(Date.parse('2020-04-17T10:30:00Z'))).toBe('2020-04-17 10:30')
  expect(formatTime(Date.parse('2020-04-17T10:00:00Z'))).toBe('2020-04-17 10:00')
  expect(formatTime(Date.parse('2020-04-17T10:30:05Z'))).toBe('2020-04-17 10:30:05')
  expect(formatTime(Date.parse('2020-04-17T00:00:00.250Z'))).toBe('2020-04-17 00:00:00.250')
})
