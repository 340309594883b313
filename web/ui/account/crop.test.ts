import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { maxZoom, moved, squareOf, startCrop, zoomed } from './crop.ts'

test('alice sees the middle of her picture first, as large as its shorter side allows', () => {
  assert.deepEqual(squareOf(startCrop(400, 300)), { left: 50, top: 0, side: 300 })
  assert.deepEqual(squareOf(startCrop(300, 400)), { left: 0, top: 50, side: 300 })
})

test('alice drags her picture to the right: what lay to its left comes into the square', () => {
  assert.deepEqual(squareOf(moved(startCrop(400, 300), 0.1, 0)), { left: 20, top: 0, side: 300 })
  assert.deepEqual(squareOf(moved(zoomed(startCrop(400, 300), 2), 0, -0.5)), {
    left: 125,
    top: 150,
    side: 150,
  })
})

test('however alice drags and zooms, the square lies within the picture', () => {
  const act = fc.record({
    right: fc.double({ min: -3, max: 3, noNaN: true }),
    down: fc.double({ min: -3, max: 3, noNaN: true }),
    zoom: fc.double({ min: 0, max: 20, noNaN: true }),
  })
  const side = fc.integer({ min: 1, max: 20_000 })
  fc.assert(
    fc.property(side, side, fc.array(act, { maxLength: 12 }), (width, height, acts) => {
      const crop = acts.reduce(
        (at, { right, down, zoom }) => zoomed(moved(at, right, down), zoom),
        startCrop(width, height),
      )
      const square = squareOf(crop)
      const slack = 1e-6 * Math.max(width, height)
      assert.ok(crop.zoom >= 1 && crop.zoom <= maxZoom)
      assert.ok(square.left >= -slack && square.left + square.side <= width + slack)
      assert.ok(square.top >= -slack && square.top + square.side <= height + slack)
    }),
  )
})
