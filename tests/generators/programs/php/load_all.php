<?php

// Loads every class of the client.

require 'autoload.php';

foreach (['', 'Api/', 'Model/'] as $directory) {
    foreach (glob(__DIR__ . "/client/lib/$directory*.php") as $file) {
        require_once $file;
    }
}
