<?php
require __DIR__ . '/config.php';

header('Content-Type: text/plain');
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

if ($path === '/') {
    $names = array_map('basename', glob(UPLOAD_DIR . '/*.txt'));
    echo TITLE, ': ', implode(', ', $names) ?: 'none yet', "\n";
    exit;
}

if (!preg_match('#^/snap/([a-z0-9]{1,32})$#', $path, $m)) {
    http_response_code(404);
    echo "no such page\n";
    exit;
}

$file = UPLOAD_DIR . '/' . $m[1] . '.txt';
if ($_SERVER['REQUEST_METHOD'] === 'PUT') {
    if (file_put_contents($file, file_get_contents('php://input')) === false) {
        http_response_code(500);
        exit;
    }
    http_response_code(201);
    echo "kept\n";
} elseif (is_file($file)) {
    readfile($file);
} else {
    http_response_code(404);
    echo "no such snapshot\n";
}
