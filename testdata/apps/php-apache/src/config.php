<?php
const UPLOAD_DIR = __DIR__ . '/uploads';
const TITLE = 'Snapshots';
