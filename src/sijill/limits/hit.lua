-- One request against every rule at once: the same decision as `decide` in window.py.
--
-- KEYS: one per rule. ARGV: limit, period and overflow of each, and last the lag that is forgiven.
-- A key holds "end used next". The answer is text, since the server would cut a number down to an
-- integer: "1 now" or "0 now", then "end used next" of each rule. %.17g keeps every bit.

local lag = tonumber(ARGV[#ARGV])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6
local counts, admitted = {}, true

for i, key in ipairs(KEYS) do
  local limit, period = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
  local overflow = tonumber(ARGV[3 * i])
  local ends, used, next = string.match(redis.call('GET', key) or '', '^(%S+) (%d+) (%S+)$')
  ends, used, next = tonumber(ends or 0), tonumber(used or 0), tonumber(next or 0)
  local mended = false
  if now >= ends then
    ends, used, next = now + period, 0, 0
  elseif ends > now + period + lag or next > now + overflow + lag then
    ends, next, mended = math.min(ends, now + period), math.min(next, now + overflow), true
  end
  local till = overflow > 0 and math.min(next, ends) or ends
  admitted = admitted and (used < limit or till <= now)
  counts[i] = { ends = ends, used = used, next = next, mended = mended }
end

local answer = { string.format(admitted and '1 %.17g' or '0 %.17g', now) }
for i, count in ipairs(counts) do
  if admitted then
    local limit, overflow = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i])
    count.used = math.min(count.used + 1, limit)
    count.next = overflow > 0 and count.used == limit and now + overflow or 0
  end
  local text = string.format('%.17g %d %.17g', count.ends, count.used, count.next)
  if admitted or count.mended then
    -- Relative, so that the key lives as long as its window by the server's own clock.
    redis.call('SET', KEYS[i], text, 'PX', math.max(1, math.ceil((count.ends - now) * 1000)))
  end
  answer[i + 1] = text
end
return table.concat(answer, ' ')
