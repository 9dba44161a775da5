<?php
// Requests over one connection with PHP's curl; prints what came of the last one as JSON.
// usage: php curl.php URL TOKEN SECONDS [COUNT]
[, $url, $token, $seconds] = $argv;
$limit = null;
$curl = curl_init($url);
curl_setopt_array($curl, [
    CURLOPT_HTTPHEADER => ["Authorization: Bearer $token"],
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT_MS => (int) ($seconds * 1000),
    CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$limit) {
        [$name, $value] = explode(':', $line, 2) + [1 => ''];
        if (strtolower($name) === 'x-ratelimit-limit') {
            $limit = trim($value);
        }
        return strlen($line);
    },
]);
for ($count = $argv[4] ?? 1; $count > 0; $count--) {
    $text = curl_exec($curl);
}
echo json_encode([
    'error' => curl_errno($curl) === 0 ? '' : (string) curl_errno($curl),
    'status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE),
    'text' => $text === false ? '' : $text,
    'limit' => $limit,
]);
