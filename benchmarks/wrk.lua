-- Draws paths at random from a file, and says what came of it as one line of JSON.

local requests = {}

local writes, run, written = nil, nil, 0

function init(args)
  math.randomseed(1)
  for path in io.lines(args[1]) do
    writes = writes or path:match("^POST (.*)")
    requests[#requests + 1] = wrk.format("GET", path)
  end
  run = string.format("%d.%d", os.time(), tonumber(tostring({}):match("0x(%x+)"), 16) % 1000000)
  if writes then wrk.headers["Content-Type"] = "application/json" end
end

function request()
  if not writes then return requests[math.random(#requests)] end
  written = written + 1
  local body = string.format(
    '{"first_name":"Sara","last_name":"Ali","gender":"female","email":"w%d.%s@example.com"}',
    written, run
  )
  return wrk.format("POST", writes, nil, body)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"seconds":%.6f,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
